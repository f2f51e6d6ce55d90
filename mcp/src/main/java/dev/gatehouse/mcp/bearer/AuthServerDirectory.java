package dev.gatehouse.mcp.bearer;

import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;

import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.time.Clock;

/**
 * Finds the introspection endpoint and the keys: in the authorization server's metadata (RFC 8414), and at the usual paths of a server
 * that has none. What was found is kept for some minutes; a failure is not kept.
 */
final class AuthServerDirectory {

    private static final long KEEP_MILLIS = 600_000;
    private static final int NOT_FOUND = 404;

    private final WebClient client;
    private final IntrospectionOptions options;
    private final Clock clock;
    private volatile Known known;

    /**
     * The endpoints of the authorization server, and the {@code iss} that its responses and tokens must contain.
     *
     * @param metadata the whole document; empty for a server without one
     */
    record Endpoints(String issuer, String introspection, String keys, JsonObject metadata) {
    }

    private record Known(Endpoints endpoints, long until) {
    }

    AuthServerDirectory(WebClient client, IntrospectionOptions options, Clock clock) {
        this.client = client;
        this.options = options;
        this.clock = clock;
    }

    /** The issuer as it writes itself, once that is known; until then as it was configured. */
    String issuer() {
        Known found = known;
        return found == null ? options.authServer() : found.endpoints().issuer();
    }

    Future<Endpoints> endpoints() {
        Known before = known;
        if (before != null && clock.millis() < before.until()) {
            return Future.succeededFuture(before.endpoints());
        }
        return client.getAbs(metadataUrl()).timeout(options.timeoutMillis()).send()
            .recover(failure -> Future.failedFuture(unavailable("does not answer: " + why(failure))))
            .map(this::read)
            .onSuccess(found -> known = new Known(found, clock.millis() + KEEP_MILLIS))
            // Endpoints hardly ever move: those of a moment ago are tried before tokens are left unverified.
            .recover(failure -> before == null ? Future.failedFuture(failure) : Future.succeededFuture(before.endpoints()));
    }

    /** The path follows the well-known name (RFC 8414 §3.1). */
    private String metadataUrl() {
        URI issuer = URI.create(options.authServer());
        return issuer.getScheme() + "://" + issuer.getRawAuthority() + "/.well-known/oauth-authorization-server"
            + withoutTrailingSlash(issuer.getRawPath());
    }

    private Endpoints read(HttpResponse<Buffer> response) {
        String usual = withoutTrailingSlash(options.authServer()) + "/oauth/introspect";
        String usualKeys = withoutTrailingSlash(options.authServer()) + "/oauth/jwks";
        if (response.statusCode() == NOT_FOUND) {
            return new Endpoints(options.authServer(), usual, usualKeys, new JsonObject());
        }
        JsonObject metadata = parse(response, "its metadata");
        String issuer = metadata.getString("issuer", "");
        if (!withoutTrailingSlash(issuer).equals(withoutTrailingSlash(options.authServer()))) {
            // RFC 8414 §3.3: metadata of another issuer is not to be used.
            throw unavailable("calls itself another name in its metadata. Set authServer to exactly its issuer");
        }
        return new Endpoints(issuer, requireSafe(metadata.getString("introspection_endpoint", usual)),
            requireSafe(metadata.getString("jwks_uri", usualKeys)), metadata);
    }

    /** A JSON document of the authorization server, such as its keys. */
    Future<JsonObject> fetch(String url) {
        return client.getAbs(url).timeout(options.timeoutMillis()).send()
            .recover(failure -> Future.failedFuture(unavailable("does not answer: " + why(failure))))
            .map(response -> parse(response, url));
    }

    private JsonObject parse(HttpResponse<Buffer> response, String what) {
        try {
            if (response.statusCode() == 200) {
                JsonObject document = response.bodyAsJsonObject();
                return document == null ? new JsonObject() : document;
            }
        } catch (DecodeException | ClassCastException e) {
            throw unavailable("answers a request for " + what + " with something that is not a JSON object");
        }
        throw unavailable("answers " + response.statusCode() + " to a request for " + what);
    }

    /** Tokens never travel in the clear over a network. */
    private String requireSafe(String endpoint) {
        URI uri = URI.create(endpoint);
        if ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && Loopback.isLoopbackHost(uri.getHost())) {
            return endpoint;
        }
        throw unavailable("names an endpoint that is neither https nor on this machine");
    }

    /** A failed handshake says what failed in its innermost cause alone. */
    static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        boolean untrusted = cause instanceof CertPathBuilderException;
        String said = String.valueOf(failure.getMessage());
        String meant = String.valueOf(cause.getMessage());
        return said + (said.contains(meant) ? "" : ": " + meant)
            + (untrusted ? ". If its certificate is of an authority of your own, name that in fetching.trustFile" : "");
    }

    private static String withoutTrailingSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private AuthServerUnavailableException unavailable(String what) {
        return new AuthServerUnavailableException("The authorization server " + options.authServer() + " " + what, 5);
    }
}
