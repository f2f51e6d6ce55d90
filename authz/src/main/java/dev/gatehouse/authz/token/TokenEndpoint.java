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
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /oauth/token} (RFC 6749 §3.2): finds the grant, authenticates the client, and checks that the client may use the grant. */
public final class TokenEndpoint implements Endpoint {

    public static final String PATH = "/oauth/token";

    private final Map<String, Grant> grants = new LinkedHashMap<>();
    private final DpopCheck proofs;
    private final ClientAuthenticator authenticator;
    private final RateLimiter limiter;
    private final String url;

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
        grant.parameters().forEach(call.form()::single);
        return authenticator.authenticate(call.client())
            .map(client -> requireAllowed(client, grant))
            .compose(client -> confirmation(call, client)
                .compose(confirmed -> grant.handle(new TokenRequest(client, call.form(), call.origin(), confirmed))))
            .map(tokens -> tokens.toJson().toBuffer());
    }

    /** The proof of possession of the request, or null. The tokens are bound to its key. */
    private Future<Confirmation> confirmation(FormCall call, Client client) {
        return proofs.requiredThumbprint(call, client).map(found -> found == null ? null : Confirmation.ofKey(found));
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
}
