package dev.gatehouse.authz.endpoint;

import dev.gatehouse.authz.clientauth.ClientAuthenticator;
import dev.gatehouse.authz.token.Introspection;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;

/**
 * {@code /oauth/introspect} (RFC 7662). In the demo, callers on this machine need no credentials; credentials that are
 * sent have to be right even there.
 */
public final class IntrospectionEndpoint {

    public static final String PATH = "/oauth/introspect";

    private final Introspection introspection;
    private final ClientAuthenticator authenticator;
    private final boolean openOnLoopback;

    public IntrospectionEndpoint(Introspection introspection, ClientAuthenticator authenticator, boolean openOnLoopback) {
        this.introspection = introspection;
        this.authenticator = authenticator;
        this.openOnLoopback = openOnLoopback;
    }

    public void mount(Router router, ClientAddress addresses, RateLimiter limiter) {
        new FormRoute(addresses, limiter, this::answer).mount(router, PATH);
    }

    private Future<Buffer> answer(FormCall call) {
        if (openOnLoopback && !authenticator.isAttempted(call.headers(), call.form())
            && call.addresses().isDirectLoopback(call.request())) {
            return introspection.answer(requireToken(call), null);
        }
        return authenticator.authenticateConfidential(call.headers(), call.form())
            .compose(caller -> introspection.answer(requireToken(call), caller));
    }

    private static String requireToken(FormCall call) {
        return call.form().required("token");
    }
}
