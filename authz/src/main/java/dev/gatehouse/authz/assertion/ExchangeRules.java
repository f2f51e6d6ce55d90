package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.Objects;

/**
 * Decides which access token a client gets for another one (RFC 8693): a pure function. The client must be the one that the token was
 * issued to, or serve the resource that the token is for. The new token has the same grant, no more scopes, and no later expiry.
 */
final class ExchangeRules {

    private final ResourcePolicy resources;
    private final ScopePolicy scopes;

    /**
     * A request for an exchange.
     *
     * @param client the authenticated client
     * @param resources the requested resources; empty for those of the subject token
     * @param scope the requested scope, or null for that of the subject token
     */
    record Attempt(Client client, List<String> resources, String scope) {
    }

    ExchangeRules(ResourcePolicy resources, ScopePolicy scopes) {
        this.resources = resources;
        this.scopes = scopes;
    }

    /**
     * Decides on an exchange.
     *
     * @param found the subject token, or null if this server did not issue it
     * @param issue the new token, with the confirmation that the request has proved
     * @throws OAuthException {@code invalid_request}, {@code invalid_target} or {@code invalid_scope}
     */
    AccessToken decide(Attempt attempt, ActiveToken found, IssueRequest issue) {
        AccessToken subject = requireExchangeable(attempt.client(), found, issue.at(), issue.confirmation());
        List<String> targets = requireConsented(found, targets(attempt, subject), attempt.client());
        return issue.accessToken(subject.grantId(), attempt.client().id(), subject.sub(), narrow(attempt, subject, targets), targets,
            subject.expiresAt());
    }

    /** All faults of the subject token map to invalid_request (§2.2.2). Only the log has the reason. */
    private static AccessToken requireExchangeable(Client client, ActiveToken found, long now, Confirmation proved) {
        if (found == null || found.token().expiresAt() <= now) {
            throw refused("not active");
        }
        AccessToken subject = found.token();
        if (!subject.clientId().equals(client.id()) && !client.serves(subject.audience())) {
            throw refused("neither issued to this client nor for a resource that it serves");
        }
        // Otherwise a token that is bound to a key could be exchanged for an unbound one.
        if (subject.confirmation() != null && !Objects.equals(subject.confirmation(), proved)) {
            throw refused("bound to a key that the request did not prove");
        }
        return subject;
    }

    private List<String> targets(Attempt attempt, AccessToken subject) {
        return attempt.resources().isEmpty() ? subject.audience() : resources.resolve(attempt.resources());
    }

    /**
     * A user's token can be exchanged for another resource only if the user saw that resource at consent, or the operator has named it
     * for this client. Only the client of the login can get a token for userinfo: a resource server would otherwise learn claims
     * that the user did not release to it.
     */
    private List<String> requireConsented(ActiveToken active, List<String> targets, Client client) {
        resources.requireAllowed(targets, client);
        AccessToken subject = active.token();
        boolean consented = active.user() == null || targets.stream().allMatch(target -> resources.isNamedFor(target, client)
            || (target.equals(resources.userInfo()) ? isOwnWithOpenId(subject, client)
                : subject.audience().contains(target) || active.granted().contains(target)));
        // A resource server could use an unbound token for both at userinfo.
        boolean mixed = targets.size() > 1 && targets.contains(resources.userInfo()) && !subject.isBoundToKey();
        if (!consented || mixed) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "The user of this token has not agreed to this resource");
        }
        return targets;
    }

    private static boolean isOwnWithOpenId(AccessToken subject, Client client) {
        return subject.clientId().equals(client.id()) && subject.scopes().contains(ScopeOptions.OPENID);
    }

    private Scopes narrow(Attempt attempt, AccessToken subject, List<String> targets) {
        Scopes allowed = scopes.resolve(attempt.scope(), attempt.client(), targets);
        Scopes narrowed = allowed.intersect(subject.scopes().values());
        if (narrowed.isEmpty() || !narrowed.containsAll(Scopes.parse(attempt.scope()).without(ScopePolicy.OFFLINE_ACCESS))) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The scope goes beyond that of the subject_token");
        }
        return narrowed;
    }

    private static OAuthException refused(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The subject_token is not valid for this client", "subject token " + reason);
    }
}
