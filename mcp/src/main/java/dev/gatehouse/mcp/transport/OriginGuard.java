package dev.gatehouse.mcp.transport;

import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses requests that a foreign web page made (by {@code Origin}), also by DNS rebinding (by {@code Host}), as the security
 * warning of MCP's Streamable HTTP demands. A page of this very server is not foreign. Pages of an allowed origin get the
 * CORS headers they need. An allowed origin that ends in {@code :*} stands for every port of its host.
 */
final class OriginGuard implements SecurityPolicyHandler {

    private static final String METHODS = "GET, POST, DELETE";
    private static final String HEADERS = "Authorization, Content-Type, Accept, DPoP, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID";
    private static final Pattern MIRRORED = Pattern.compile("(?i)\\bmcp-param-[a-z0-9_-]{1,64}");
    private static final String EXPOSED = "WWW-Authenticate, Mcp-Session-Id, DPoP-Nonce, Retry-After";

    private static final String ANY_PORT = ":*";

    private final Set<String> origins;
    private final Set<String> originsOfAnyPort;
    private final Set<String> hosts;

    OriginGuard(McpTransportOptions options) {
        this.origins = options.allowedOrigins().stream().filter(origin -> !origin.endsWith(ANY_PORT)).collect(Collectors.toSet());
        this.originsOfAnyPort = options.allowedOrigins().stream().filter(origin -> origin.endsWith(ANY_PORT))
            .map(origin -> origin.substring(0, origin.length() - ANY_PORT.length())).collect(Collectors.toSet());
        this.hosts = options.allowedHosts().stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String host = host(request);
        // A name that an attacker registers is never a loopback name.
        if (!hosts.isEmpty() && !hosts.contains(host) && !Loopback.isLoopbackHost(host)) {
            refuse(context, 421, "This server does not serve that Host. If it is a name of this server, add it to the setting allowedHosts.");
            return;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            context.next();
        } else if (origins.contains(origin) || originsOfAnyPort.contains(withoutPort(origin)) || isOwn(origin, request.scheme(), host)) {
            allow(context, origin);
        } else {
            refuse(context, 403, "Requests from that Origin are not allowed. If its pages may call this server, add it to the setting allowedOrigins.");
        }
    }

    private static String host(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.HOST);
        if (header != null) {
            return header.toLowerCase(Locale.ROOT);
        }
        HostAndPort authority = request.authority();
        return authority == null ? "" : authority.toString().toLowerCase(Locale.ROOT);
    }

    /** @param text a host, or an origin; what is behind its last colon is a port, if that is made of digits */
    private static String withoutPort(String text) {
        int colon = text.lastIndexOf(':');
        boolean isPort = colon >= 0 && colon + 1 < text.length() && text.chars().skip(colon + 1).allMatch(c -> c >= '0' && c <= '9');
        return isPort ? text.substring(0, colon) : text;
    }

    /** Only where hosts are listed: an attacker chooses the host that a rebound name is called by. */
    private boolean isOwn(String origin, String scheme, String host) {
        return !hosts.isEmpty() && origin.equals(scheme + "://" + host);
    }

    private static void allow(RoutingContext context, String origin) {
        HttpServerResponse response = context.response()
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
            .putHeader(HttpHeaders.VARY, "Origin");
        if (context.request().method() != HttpMethod.OPTIONS) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            context.next();
            return;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
            .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS + mirrored(context.request()))
            .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600")
            .setStatusCode(204).end();
    }

    /** Headers that repeat parameters are named by the tools, so those that the browser wants to send are allowed by their beginning. */
    private static String mirrored(HttpServerRequest request) {
        Matcher names = MIRRORED.matcher(String.valueOf(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)));
        StringBuilder allowed = new StringBuilder();
        while (names.find()) {
            allowed.append(", ").append(names.group());
        }
        return allowed.toString();
    }

    private static void refuse(RoutingContext context, int status, String reason) {
        RequestLog.reason(context, reason);
        context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8").end(reason);
    }
}
