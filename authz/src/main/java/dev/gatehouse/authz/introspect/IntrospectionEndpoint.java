package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.http.Routes;
import dev.gatehouse.authz.key.SigningKeys;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;

/**
 * {@code /oauth/introspect} (RFC 7662). In the demo, callers on this machine need no credentials; credentials that are
 * sent have to be right even there. The answer is signed for callers who ask for that (RFC 9701).
 */
public final class IntrospectionEndpoint implements Endpoint {

    public static final String PATH = "/oauth/introspect";

    private final Introspection introspection;
    private final ClientAuthenticator authenticator;
    private final boolean openOnLoopback;
    private final RateLimiter limiter;
    private final String url;
    private final SignedIntrospection signed;
    private final String algorithm;

    public IntrospectionEndpoint(Introspection introspection, ClientAuthenticator authenticator, SigningKeys keys,
                                 Issuer issuer, IntrospectionOptions options, RateLimiter limiter, Clock clock) {
        this.introspection = introspection;
        this.authenticator = authenticator;
        this.openOnLoopback = options.openOnLoopback();
        this.limiter = limiter;
        this.url = issuer.url(PATH);
        this.signed = new SignedIntrospection(keys, issuer.identifier(), clock);
        this.algorithm = keys.algorithm().wireName();
    }

    @Override
    public void mount(Routes routes) {
        new FormRoute(routes, limiter, this::answer).mount(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("introspection_endpoint", url)
            .put("introspection_signing_alg_values_supported", new JsonArray().add(algorithm));
        authenticator.describe("introspection_endpoint", false, metadata);
    }

    private Future<Buffer> answer(FormCall call) {
        if (SignedIntrospection.isAskedFor(call.context())) {
            return answerSigned(call);
        }
        if (openOnLoopback && !authenticator.isAttempted(call.client())
            && call.addresses().isDirectLoopback(call.request())) {
            return introspection.answer(requireToken(call), null);
        }
        return authenticator.authenticateConfidential(call.client())
            .compose(caller -> introspection.answer(requireToken(call), caller));
    }

    /** Its reader is named in it, so it is for known callers only. */
    private Future<Buffer> answerSigned(FormCall call) {
        return authenticator.authenticateConfidential(call.client())
            .compose(caller -> introspection.answer(requireToken(call), caller)
                .compose(answer -> signed.of(answer, caller)))
            .onSuccess(jwt -> call.context().setAcceptableContentType(SignedIntrospection.MEDIA_TYPE));
    }

    private static String requireToken(FormCall call) {
        return call.form().required("token");
    }

    /**
     * Token introspection.
     *
     * @param openOnLoopback whether callers on this machine need no client credentials
     * @param indexEntries tokens held in memory; the store answers for the others
     */
    public record IntrospectionOptions(boolean openOnLoopback, int indexEntries) {
    }
}
