package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import io.vertx.core.Future;

import java.util.List;
import java.util.Set;

/** A client's token for itself (RFC 6749 §4.4). Never with a refresh token: it can ask again. */
public final class ClientCredentialsGrant implements Grant {

    private final TokenIssuer issuer;
    private final AccessTokenStore tokens;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;

    public ClientCredentialsGrant(TokenIssuer issuer, AccessTokenStore tokens, ResourcePolicy resources, ScopePolicy scopes) {
        this.issuer = issuer;
        this.tokens = tokens;
        this.resources = resources;
        this.scopes = scopes;
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
        IssueRequest issue = issuer.prepareAccess(request);
        return Future.succeededFuture(request).map(asked -> token(asked, issue))
            .compose(token -> tokens.issue(token).compose(stored -> issuer.answer(request, issue, stored)));
    }

    private AccessToken token(TokenRequest request, IssueRequest issue) {
        Client client = request.client();
        List<String> audience = resources.requireWithoutUser(resources.resolve(request.parameters().all("resource"), client));
        return issue.accessToken(null, client.id(), client.id(), scopes.resolve(request.parameters().single("scope"), client, audience),
            audience, Long.MAX_VALUE);
    }
}
