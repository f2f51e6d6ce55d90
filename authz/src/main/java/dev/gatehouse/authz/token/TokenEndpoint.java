package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.dpop.DpopCheck;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Counter;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /oauth/token} (RFC 6749 §3.2): finds the grant, authenticates the client, and checks that the client may use the grant. */
public final class TokenEndpoint implements Endpoint {

    public static final String PATH = "/oauth/token";

    /** The member of client and server metadata for tokens that are bound to a certificate (RFC 8705 §3.3, §3.4). */
    public static final String CERTIFICATE_BOUND = "tls_client_certificate_bound_access_tokens";

    private final Map<String, Grant> grants = new LinkedHashMap<>();
    private final DpopCheck proofs;
    private final ClientAuthenticator authenticator;
    private final RateLimiter limiter;
    private final String url;
    private volatile TokenRequestMeters meters = new TokenRequestMeters(Meters.NONE, List.of());

    public TokenEndpoint(List<Grant> grants, DpopCheck proofs, ClientAuthenticator authenticator, Issuer issuer,
                         RateLimiter limiter) {
        grants.forEach(grant -> this.grants.put(grant.type().wireName(), grant));
        this.proofs = proofs;
        this.authenticator = authenticator;
        this.limiter = limiter;
        this.url = issuer.url(PATH);
    }

    @Override
    public void mount(Routes routes) {
        meters = new TokenRequestMeters(Meters.of(routes.vertx()), List.copyOf(grants.keySet()));
        Cors.allow(routes.served(), PATH, "POST");
        new FormRoute(routes, limiter, this::answer).mount(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("token_endpoint", url).put("grant_types_supported", new JsonArray(List.copyOf(grants.keySet())));
        grants.values().forEach(grant -> grant.describe(metadata));
        authenticator.describe("token_endpoint", true, metadata);
        proofs.describe(metadata);
    }

    private Future<Buffer> answer(FormCall call) {
        Grant grant = requireGrant(call.form());
        return answer(call, grant).onComplete(outcome -> meters.count(grant.type().wireName(), outcome.cause()));
    }

    private Future<Buffer> answer(FormCall call, Grant grant) {
        grant.parameters().forEach(call.form()::single);
        return authenticator.authenticate(call.client())
            .map(client -> requireAllowed(client, grant))
            .compose(client -> confirmation(call, client)
                .compose(confirmed -> grant.handle(new TokenRequest(client, call.form(), call.origin(), confirmed))))
            .map(tokens -> tokens.toJson().toBuffer());
    }

    /** The key or the certificate that the tokens are bound to, or null. A proof in the request comes before the certificate. */
    private Future<Confirmation> confirmation(FormCall call, Client client) {
        return proofs.requiredThumbprint(call, client).map(found -> found == null ? requiredCertificate(call, client) : Confirmation.ofKey(found));
    }

    /** The certificate for a client that has registered for tokens bound to it (RFC 8705 §3.4); else null. */
    private static Confirmation requiredCertificate(FormCall call, Client client) {
        if (!client.metadata().isTrue(CERTIFICATE_BOUND)) {
            return null;
        }
        if (call.certificates().isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This client has to send a client certificate, to which its tokens are bound");
        }
        return Confirmation.ofCertificate(call.certificates());
    }

    private Grant requireGrant(FormParameters form) {
        Grant grant = grants.get(form.required("grant_type"));
        if (grant == null) {
            throw new OAuthException(OAuthErrorCode.UNSUPPORTED_GRANT_TYPE, "This server has no such grant type");
        }
        return grant;
    }

    private static Client requireAllowed(Client client, Grant grant) {
        if (!grant.type().isOf(client) || (client.isPublic() && !grant.allowsPublicClients())) {
            throw new OAuthException(OAuthErrorCode.UNAUTHORIZED_CLIENT, "The client is not registered for this grant type");
        }
        return client;
    }

    /** Counts the token requests of each grant type by their results. */
    private static final class TokenRequestMeters {

        private static final String ISSUED = "issued";

        private final Meters meters;
        private final Map<String, Map<String, Counter>> counters = new HashMap<>();

        TokenRequestMeters(Meters meters, List<String> grantTypes) {
            this.meters = meters;
            grantTypes.forEach(type -> counters.put(type, new ConcurrentHashMap<>(Map.of(ISSUED, counter(type, ISSUED)))));
        }

        void count(String grantType, Throwable failure) {
            String result = failure == null ? ISSUED : failure instanceof OAuthException refusal ? refusal.code().wireName()
                : OAuthErrorCode.TEMPORARILY_UNAVAILABLE.wireName();
            Map<String, Counter> results = counters.get(grantType);
            if (results != null) {
                results.computeIfAbsent(result, first -> counter(grantType, result)).increment();
            }
        }

        private Counter counter(String grantType, String result) {
            return meters.counter("gatehouse.token.requests", "Token requests by grant type, and whether tokens were issued or which error was sent.",
                "grant_type", grantType, "result", result);
        }
    }
}
