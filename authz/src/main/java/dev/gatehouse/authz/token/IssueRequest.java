package dev.gatehouse.authz.token;

import dev.gatehouse.authz.scope.CurrentAllowance;
import dev.gatehouse.authz.scope.CurrentAllowance.Share;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;

import java.util.List;

/**
 * Tokens that are stored and handed out if the request turns out to be good. {@link TokenIssuer} makes it.
 *
 * @param refresh null for no refresh token
 * @param at epoch milliseconds
 * @param confirmation what the access token is bound to, or null
 * @param refreshBound whether the refresh token is bound to the same. A public client's token is; a confidential client
 *     authenticates at each use and may change its keys (RFC 9449 §5, RFC 8705 §4)
 * @param allowance what the client may have now
 */
public record IssueRequest(NewToken access, NewToken refresh, long at, long accessMillis, long refreshIdleMillis,
                           Confirmation confirmation, boolean refreshBound, CurrentAllowance allowance) {

    /** A token's text, and the hash that is stored of it. */
    public record NewToken(String text, String hash) {

        public static NewToken of(String text) {
            return new NewToken(text, SecretToken.hash(text));
        }

        @Override
        public String toString() {
            return "NewToken[…]";
        }
    }

    /** This request with another refresh token. */
    public IssueRequest withRefresh(String text) {
        return new IssueRequest(access, NewToken.of(text), at, accessMillis, refreshIdleMillis, confirmation, refreshBound, allowance);
    }

    /** This request with an access token that lives no longer than this. */
    public IssueRequest withAccessMillisAtMost(long most) {
        return new IssueRequest(access, refresh, at, Math.min(accessMillis, most), refreshIdleMillis, confirmation, refreshBound, allowance);
    }

    /**
     * The access token of a grant. It never outlives the grant, and has nothing that the client may not have now.
     *
     * @param asked scopes of the grant; empty for all
     * @param resources resources of the grant; empty for all
     */
    public AccessToken accessToken(StoredGrant grant, Scopes asked, List<String> resources) {
        Share share = allowance.share(grant.granted(), asked, resources, confirmation != null);
        return accessToken(grant.id(), grant.clientId(), grant.sub(), share.scopes(), share.audience(), grant.expiresAt());
    }

    /** An access token that expires at this time at the latest. @param grantId null for a client's own token */
    public AccessToken accessToken(String grantId, String clientId, String sub, Scopes scopes, List<String> audience, long notAfter) {
        return new AccessToken(access.hash(), grantId, clientId, sub, scopes, audience, at, Math.min(at + accessMillis, notAfter), confirmation);
    }

    /** The expiry of an unused refresh token: never after its grant. */
    long refreshExpiry(StoredGrant grant) {
        return Math.min(at + refreshIdleMillis, grant.expiresAt());
    }

    /** The confirmation of the refresh token, or null. */
    Confirmation refreshConfirmation() {
        return refreshBound ? confirmation : null;
    }
}
