package dev.gatehouse.authz.endpoint;

import dev.gatehouse.authz.clientauth.ClientAuthenticator;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.token.Introspection;
import dev.gatehouse.shared.http.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * {@code /oauth/introspect} (RFC 7662). In the demo, callers on this machine need no credentials; credentials that are
 * sent have to be right even there.
 */
public final class IntrospectionEndpoint implements Endpoint {

    public static final String PATH = "/oauth/introspect";

    private final Introspection introspection;
    private final ClientAuthenticator authenticator;
    private final boolean openOnLoopback;
    private final RateLimiter limiter;
    private final String url;

    public IntrospectionEndpoint(Introspection introspection, ClientAuthenticator authenticator, AuthzOptions options,
                                 RateLimiter limiter) {
        this.introspection = introspection;
        this.authenticator = authenticator;
        this.openOnLoopback = options.introspection().openOnLoopback();
        this.limiter = limiter;
        this.url = options.url(PATH);
    }

    @Override
    public void mount(Routes routes) {
        new FormRoute(routes, limiter, this::answer).mount(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("introspection_endpoint", url);
        authenticator.describe("introspection_endpoint", false, metadata);
    }

    private Future<Buffer> answer(FormCall call) {
        if (openOnLoopback && !authenticator.isAttempted(call.client())
            && call.addresses().isDirectLoopback(call.request())) {
            return introspection.answer(requireToken(call), null);
        }
        return authenticator.authenticateConfidential(call.client())
            .compose(caller -> introspection.answer(requireToken(call), caller));
    }

    private static String requireToken(FormCall call) {
        return call.form().required("token");
    }
}
