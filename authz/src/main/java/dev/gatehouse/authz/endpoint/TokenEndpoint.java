package dev.gatehouse.authz.endpoint;

import dev.gatehouse.authz.clientauth.ClientAuthenticator;
import dev.gatehouse.authz.grant.Grant;
import dev.gatehouse.authz.grant.TokenRequest;
import dev.gatehouse.authz.store.Client;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /oauth/token} (RFC 6749 §3.2): finds the grant, then the client, then whether the two go together. */
public final class TokenEndpoint {

    public static final String PATH = "/oauth/token";

    private final Map<String, Grant> grants = new LinkedHashMap<>();
    private final ClientAuthenticator authenticator;

    public TokenEndpoint(List<Grant> grants, ClientAuthenticator authenticator) {
        grants.forEach(grant -> this.grants.put(grant.wireName(), grant));
        this.authenticator = authenticator;
    }

    public void mount(Router router, ClientAddress addresses, RateLimiter limiter) {
        Cors.allow(router, PATH, "POST");
        new FormRoute(addresses, limiter, this::answer).mount(router, PATH);
    }

    private Future<Buffer> answer(FormCall call) {
        Grant grant = requireGrant(call.form());
        grant.parameters().forEach(call.form()::single);
        return authenticator.authenticate(call.headers(), call.form())
            .compose(client -> grant.handle(new TokenRequest(requireAllowed(client, grant), call.form(), call.origin())))
            .map(tokens -> tokens.toJson().toBuffer());
    }

    private Grant requireGrant(FormParameters form) {
        Grant grant = grants.get(form.required("grant_type"));
        if (grant == null) {
            throw new OAuthException(OAuthErrorCode.UNSUPPORTED_GRANT_TYPE, "This server has no such grant type");
        }
        return grant;
    }

    private static Client requireAllowed(Client client, Grant grant) {
        if (!client.grantTypes().contains(grant.wireName()) || (client.isPublic() && !grant.allowsPublicClients())) {
            throw new OAuthException(OAuthErrorCode.UNAUTHORIZED_CLIENT, "The client is not registered for this grant type");
        }
        return client;
    }
}
