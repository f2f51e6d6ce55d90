package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.ExchangeRules.Attempt;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;

import java.util.Optional;
import java.util.stream.Stream;

/** Exchanges an access token for one with fewer scopes, or for another resource (RFC 8693). {@link ExchangeRules} decides. */
public final class AccessExchange implements ExchangeKind {

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final TokenIssuer issuer;
    private final PresentedTokens presented;
    private final AccessTokenStore tokens;
    private final ExchangeRules rules;

    public AccessExchange(TokenIssuer issuer, PresentedTokens presented, AccessTokenStore tokens, ResourcePolicy resources,
                          ScopePolicy scopes) {
        this.issuer = issuer;
        this.presented = presented;
        this.tokens = tokens;
        this.rules = new ExchangeRules(resources, scopes);
    }

    @Override
    public String tokenType() {
        return ACCESS_TOKEN;
    }

    @Override
    public Future<TokenResponse> exchange(TokenRequest request) {
        FormParameters form = request.parameters();
        String subjectToken = form.required("subject_token");
        if (!ACCESS_TOKEN.equals(form.required("subject_token_type"))) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The subject_token must be an access token");
        }
        IssueRequest issue = issuer.prepareAccess(request);
        Attempt attempt = new Attempt(request.client(), Stream.concat(form.all("resource").stream(), form.all("audience").stream()).toList(),
            form.single("scope"));
        return find(subjectToken)
            .map(found -> rules.decide(attempt, found.orElse(null), issue))
            .compose(decided -> tokens.issue(decided, issue)).compose(token -> issuer.answerExchange(request, issue, token))
            .map(response -> response.with("issued_token_type", ACCESS_TOKEN));
    }

    private Future<Optional<ActiveToken>> find(String subjectToken) {
        return presented.hashOf(subjectToken).compose(hash -> hash == null ? Future.succeededFuture(Optional.empty()) : tokens.find(hash));
    }
}
