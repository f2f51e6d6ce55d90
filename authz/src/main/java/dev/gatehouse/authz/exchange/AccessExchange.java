package dev.gatehouse.authz.exchange;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopeOptions;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenRequest;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An access token that may do less, or the same at another resource, for an access token (RFC 8693). To be had by the client
 * that the token was issued to, and by a resource server that was sent it and calls another one on its user's behalf. The new
 * token never lives longer nor may more than the old one, and ends with the same grant.
 */
public final class AccessExchange implements ExchangeKind {

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final TokenIssuer issuer;
    private final PresentedTokens presented;
    private final AccessTokenStore tokens;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;

    public AccessExchange(TokenIssuer issuer, PresentedTokens presented, AccessTokenStore tokens, ResourcePolicy resources,
                          ScopePolicy scopes) {
        this.issuer = issuer;
        this.presented = presented;
        this.tokens = tokens;
        this.resources = resources;
        this.scopes = scopes;
    }

    @Override
    public String tokenType() {
        return ACCESS_TOKEN;
    }

    @Override
    public Future<TokenResponse> exchange(TokenRequest request) {
        String subjectToken = request.parameters().required("subject_token");
        if (!ACCESS_TOKEN.equals(request.parameters().required("subject_token_type"))) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "Access tokens are given for access tokens only");
        }
        IssueRequest issue = issuer.prepareAccess(request);
        return presented.hashOf(subjectToken)
            .compose(hash -> hash == null ? Future.succeededFuture(Optional.<ActiveToken>empty()) : tokens.find(hash))
            .map(found -> token(request, requireExchangeable(request, found, issue.at()), issue))
            .compose(tokens::issue).compose(token -> issuer.answerExchange(request, issue, token))
            .map(response -> response.with("issued_token_type", ACCESS_TOKEN));
    }

    /** All faults of the subject token map to invalid_request (§2.2.2). Only the log tells which fault it is. */
    private ActiveToken requireExchangeable(TokenRequest request, Optional<ActiveToken> found, long now) {
        ActiveToken active = found.filter(each -> each.token().expiresAt() > now).orElseThrow(() -> refused("not active"));
        AccessToken subject = active.token();
        if (!concerns(subject, request.client())) {
            throw refused("neither issued to this client nor for a resource that it serves");
        }
        // A token that is bound to a key would otherwise be laundered into one that is not.
        if (subject.confirmation() != null && !Objects.equals(subject.confirmation(), request.confirmation())) {
            throw refused("bound to something that was not proved");
        }
        return active;
    }

    private static boolean concerns(AccessToken subject, Client client) {
        return subject.clientId().equals(client.id()) || client.serves(subject.audience());
    }

    private AccessToken token(TokenRequest request, ActiveToken active, IssueRequest issue) {
        AccessToken subject = active.token();
        List<String> targets = requireShown(active, targets(request.parameters(), subject), request.client());
        return issue.accessToken(subject.grantId(), request.client().id(), subject.sub(), narrow(request, subject, targets), targets,
            subject.expiresAt());
    }

    /** The resources of the new token; those of the old one, when the request names none. */
    private List<String> targets(FormParameters parameters, AccessToken subject) {
        List<String> asked = Stream.concat(parameters.all("resource").stream(), parameters.all("audience").stream()).toList();
        return asked.isEmpty() ? subject.audience() : resources.resolve(asked);
    }

    /**
     * A person's token becomes one for another resource only where the person was shown that resource, or the operator has
     * named it for this client. Userinfo is for the client that the person logged in to: a resource server would learn by it
     * what the person did not tell it.
     */
    private List<String> requireShown(ActiveToken active, List<String> targets, Client client) {
        resources.requireAllowed(targets, client);
        AccessToken subject = active.token();
        boolean shown = active.user() == null || targets.stream().allMatch(target -> resources.isNamedFor(target, client)
            || (target.equals(resources.userInfo()) ? isOwnWithOpenId(subject, client)
                : subject.audience().contains(target) || active.granted().contains(target)));
        // A resource server could use an unbound token for both at userinfo.
        boolean mixed = targets.size() > 1 && targets.contains(resources.userInfo()) && !subject.isBoundToKey();
        if (!shown || mixed) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "The person of this token has not agreed to this resource");
        }
        return targets;
    }

    private static boolean isOwnWithOpenId(AccessToken subject, Client client) {
        return subject.clientId().equals(client.id()) && subject.scopes().contains(ScopeOptions.OPENID);
    }

    private Scopes narrow(TokenRequest request, AccessToken subject, List<String> targets) {
        String asked = request.parameters().single("scope");
        Scopes allowed = scopes.resolve(asked, request.client(), targets);
        Scopes narrowed = allowed.intersect(subject.scopes().values());
        if (narrowed.isEmpty() || !narrowed.containsAll(Scopes.parse(asked).without(ScopePolicy.OFFLINE_ACCESS))) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The scope goes beyond that of the subject_token");
        }
        return narrowed;
    }

    private static OAuthException refused(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The subject_token is not valid for this client", "subject token " + reason);
    }
}
