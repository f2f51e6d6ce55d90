package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.key.SigningKeys;
import dev.gatehouse.authz.token.IndexedToken;
import dev.gatehouse.authz.token.IntrospectionDocument;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.jose.JwtSigner;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Locale;

/**
 * {@code /oauth/introspect} (RFC 7662). In the demo, callers on this machine need no credentials; credentials that are
 * sent have to be right even there. The answer is signed for callers who ask for that (RFC 9701).
 */
public final class IntrospectionEndpoint implements Endpoint {

    public static final String PATH = "/oauth/introspect";

    private static final Future<Buffer> INACTIVE = Future.succeededFuture(IntrospectionDocument.INACTIVE);

    private final PresentedTokens presented;
    private final ClientAuthenticator authenticator;
    private final boolean openOnLoopback;
    private final RateLimiter limiter;
    private final String url;
    private final SignedIntrospection signed;
    private final String algorithm;

    public IntrospectionEndpoint(PresentedTokens presented, ClientAuthenticator authenticator, SigningKeys keys,
                                 Issuer issuer, IntrospectionOptions options, RateLimiter limiter, Clock clock) {
        this.presented = presented;
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
            return introspect(requireToken(call), null);
        }
        return authenticator.authenticateConfidential(call.client())
            .compose(caller -> introspect(requireToken(call), caller));
    }

    /** Its reader is named in it, so it is for known callers only. */
    private Future<Buffer> answerSigned(FormCall call) {
        return authenticator.authenticateConfidential(call.client())
            .compose(caller -> introspect(requireToken(call), caller)
                .compose(answer -> signed.of(answer, caller)))
            .onSuccess(jwt -> call.context().setAcceptableContentType(SignedIntrospection.MEDIA_TYPE));
    }

    /**
     * Introspects a token.
     *
     * @param caller gets the whole document of tokens for the resources that it serves, and the part that the scopes allow of its own
     *     tokens; null for the whole document of every token
     * @return the JSON response; the same bytes for every token that is inactive or that the caller may not see (§4)
     */
    private Future<Buffer> introspect(String token, Client caller) {
        if (!PresentedTokens.mayBe(token)) {
            return INACTIVE;
        }
        return presented.findActive(token).map(found -> found == null ? IntrospectionDocument.INACTIVE : document(found, caller));
    }

    private static Buffer document(IndexedToken found, Client caller) {
        if (caller == null || caller.serves(found.audience())) {
            return found.document();
        }
        return found.clientId().equals(caller.id()) ? found.documentForClient() : IntrospectionDocument.INACTIVE;
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

        private static final int BYTES_AN_ENTRY = 1024;

        /** The entries for a heap. One with claims that no other token shares takes about 600 bytes. */
        public int indexEntriesIn(long heapBytes) {
            return (int) Math.max(1, Math.min(indexEntries, heapBytes / BYTES_AN_ENTRY));
        }
    }

    /** Signed introspection responses (RFC 9701), for callers that must be able to prove later what this server stated. */
    private static final class SignedIntrospection {

        static final String MEDIA_TYPE = "application/token-introspection+jwt";
        private static final String TYPE = "token-introspection+jwt";

        private final JwtSigner signer;
        private final String issuer;
        private final Clock clock;

        SignedIntrospection(JwtSigner signer, String issuer, Clock clock) {
            this.signer = signer;
            this.issuer = issuer;
            this.clock = clock;
        }

        /** Returns true if a request names its media type (§4). A caller that prefers JSON, or names it first, gets JSON. */
        static boolean isAskedFor(RoutingContext context) {
            // This quick look comes first, because introspection is busy and few requests ask for a signed response.
            return context.request().headers().getAll(HttpHeaders.ACCEPT).stream().anyMatch(SignedIntrospection::names)
                && MediaTypes.preferred(context, List.of(MEDIA_TYPE, MediaTypes.JSON)).filter(MEDIA_TYPE::equals).isPresent();
        }

        private static boolean names(String accept) {
            return accept.toLowerCase(Locale.ROOT).contains(MEDIA_TYPE);
        }

        /** §5: without {@code sub} and {@code exp} of its own, so that it passes for no other kind of JWT. */
        Future<Buffer> of(Buffer answer, Client caller) {
            JsonObject claims = new JsonObject()
                .put("iss", issuer)
                .put("aud", caller.id())
                .put("iat", clock.millis() / 1000)
                .put("token_introspection", new JsonObject(answer));
            return signer.sign(TYPE, claims).map(Buffer::buffer);
        }
    }
}
