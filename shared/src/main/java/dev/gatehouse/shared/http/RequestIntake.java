package dev.gatehouse.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first handler of every request: adds the {@code Date} header and rejects an invalid target or host. */
final class RequestIntake implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(RequestIntake.class);
    /** RFC 9110 §5.6.7. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
        .withZone(ZoneOffset.UTC);

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#]+).*");

    private final Clock clock;
    private final Handler<HttpServerRequest> router;
    private volatile Written date = new Written(Long.MIN_VALUE, "");

    private record Written(long second, CharSequence text) {
    }

    RequestIntake(Clock clock, Handler<HttpServerRequest> router) {
        this.clock = clock;
        this.router = router;
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.response().putHeader(HttpHeaders.DATE, date());
        String fault = faultOf(request);
        if (fault != null) {
            refuse(request, 400, fault);
        } else if (request.method() == HttpMethod.OPTIONS && "*".equals(request.path())) {
            // RFC 9110 §9.3.7: there are no options of the server as a whole.
            request.response().setStatusCode(204).end();
        } else {
            router.handle(request);
        }
    }

    /** Answers a request that could not be decoded, and closes the connection. */
    void refuseMalformed(HttpServerRequest request) {
        request.response().putHeader(HttpHeaders.DATE, date());
        refuse(request, RequestFraming.statusOf(request), request.decoderResult().cause().getMessage());
    }

    private static void refuse(HttpServerRequest request, int status, String reason) {
        LOG.debug("A request from {} was rejected with {}: {}", request.remoteAddress(), status, reason);
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().setStatusCode(status).end();
        } else {
            LastAnswer.on(request).setStatusCode(status).end();
            request.connection().close();
        }
    }

    /** RFC 9110 §6.6.1. Formatted once a second. */
    private CharSequence date() {
        long second = clock.millis() / 1000;
        Written last = date;
        if (last.second() != second) {
            last = new Written(second, HttpHeaders.createOptimized(FORMAT.format(Instant.ofEpochSecond(second))));
            date = last;
        }
        return last.text();
    }

    private static String faultOf(HttpServerRequest request) {
        // A request says this of its host without an object for it.
        if (!((HttpServerRequestInternal) request).isValidAuthority() && request.version() != HttpVersion.HTTP_1_0) {
            return "missing or invalid host";
        }
        if (request.version() == HttpVersion.HTTP_2 && contradicts(request)) {
            return "Host differs from :authority";
        }
        String path = request.path();
        if (path == null || path.isEmpty() || path.charAt(0) != '/') {
            return "*".equals(path) && request.method() == HttpMethod.OPTIONS ? null : "the target is not a path";
        }
        if (request.uri().charAt(0) != '/' && !isOfItsHost(request)) {
            return "the target has another host than the Host header";
        }
        return hasGoodEscapes(path) ? null : "the path has a malformed percent escape";
    }

    /** RFC 9113 §8.3.1. */
    private static boolean contradicts(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        return hosts.stream().anyMatch(host -> !host.equalsIgnoreCase(request.authority().toString()));
    }

    /**
     * Returns whether an absolute target (RFC 9112 §3.2.2) has the host of the Host field, as §3.2 requires. An origin server uses the
     * target, but a proxy in front of it may have used the field.
     */
    private static boolean isOfItsHost(HttpServerRequest request) {
        Matcher target = ABSOLUTE.matcher(request.uri());
        return target.matches() && target.group(1).equalsIgnoreCase(request.getHeader(HttpHeaders.HOST));
    }

    private static boolean hasGoodEscapes(String path) {
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (at + 2 >= path.length() || Character.digit(path.charAt(at + 1), 16) < 0 || Character.digit(path.charAt(at + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
