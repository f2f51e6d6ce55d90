package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.List;
import java.util.Set;

/** A client's token for itself (RFC 6749 §4.4). Never with a refresh token: it can ask again. */
public final class ClientCredentialsGrant implements Grant {

    private final AccessTokenStore tokens;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;
    private final TokenOptions options;
    private final Clock clock;

    public ClientCredentialsGrant(AccessTokenStore tokens, ResourcePolicy resources, ScopePolicy scopes,
                                  TokenOptions options, Clock clock) {
        this.tokens = tokens;
        this.resources = resources;
        this.scopes = scopes;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public GrantType type() {
        return GrantType.CLIENT_CREDENTIALS;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("scope");
    }

    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        String text = TokenKind.ACCESS.generate();
        return Future.succeededFuture(request)
            .map(checked -> token(checked, SecretToken.hash(text)))
            .compose(token -> tokens.issue(token).map(issued -> {
                requireClient(issued);
                request.origin().record("token_issued", "grant_type", type().wireName(), "client_id", token.clientId(),
                    "scope", token.scopes());
                return new TokenResponse(text, null, token);
            }));
    }

    private AccessToken token(TokenRequest request, String hash) {
        Client client = request.client();
        List<String> audience = resources.resolve(request.parameters().all("resource"), client);
        long now = clock.millis();
        return new AccessToken(hash, null, client.id(), client.id(),
            scopes.resolve(request.parameters().single("scope"), client, audience), audience, now,
            now + options.governedBy(client.policy()).accessTokenSeconds() * 1000,
            request.confirmation());
    }

    private static void requireClient(boolean issued) {
        if (!issued) {
            throw new OAuthException(OAuthErrorCode.INVALID_CLIENT, "Client authentication failed", "the client was deleted meanwhile");
        }
    }
}
