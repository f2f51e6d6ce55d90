package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * An access token that an assertion yields if it has not been used.
 *
 * @param use null for an assertion that may be used again
 * @param issuer of the assertion
 * @param grantId of the family that a user's token begins
 * @param resources audiences, at least one
 * @param issue without a refresh token
 */
record AssertedToken(Use use, AssertedSubject subject, String issuer, String clientId, String grantId, Scopes scopes,
                     List<String> resources, IssueRequest issue) {

    AssertedToken {
        resources = List.copyOf(resources);
    }

    /**
     * The identity of a single-use assertion.
     *
     * @param kind includes the issuer
     * @param expiresAt when no clock takes the assertion for valid any more, epoch milliseconds
     */
    record Use(String kind, String identifier, long expiresAt) {

        static Use of(String kind, String identifier, JsonObject claims) {
            return new Use(kind, identifier, Claims.time(claims, "exp").orElseThrow() + TimeChecks.MAX_SKEW.toMillis());
        }
    }

    /** The token of the client itself. */
    AccessToken clientsOwn() {
        return issue.accessToken(null, clientId, clientId, scopes, resources, Long.MAX_VALUE);
    }

    /** The token of a user. */
    AccessToken usersOwn(String sub) {
        return issue.accessToken(grantId, clientId, sub, scopes, resources, Long.MAX_VALUE);
    }

    /** The grant of a user's token. It ends with the token. */
    StoredGrant grantOf(String sub) {
        return new StoredGrant(grantId, clientId, sub, new Granted(scopes, resources), issue.at(), issue.at() + issue.accessMillis(), false, false);
    }

    /** The subject of the token that an assertion yields. */
    sealed interface AssertedSubject {

        /** The client itself. */
        record TheClient() implements AssertedSubject {
        }

        /** A user of this server, by name. */
        record LocalUser(String username) implements AssertedSubject {
        }

        /**
         * A person, as another issuer identifies them.
         *
         * @param verifiedEmail the address that the issuer has verified, or null
         * @param newcomer the account to make if there is none and the rule allows it
         */
        record Person(ExternalIdentity identity, AccountMapping.Rule rule, String verifiedEmail, User newcomer) implements AssertedSubject {

            boolean mayMapByEmail() {
                return rule == AccountMapping.Rule.EMAIL && verifiedEmail != null;
            }
        }
    }
}
