package dev.gatehouse.authz.token;

import dev.gatehouse.authz.scope.CurrentAllowance.Granted;

/**
 * A grant as a store reads it: the family of all its tokens.
 *
 * @param granted the scopes and resources that the user agreed to
 * @param createdAt epoch milliseconds
 * @param expiresAt epoch milliseconds; no token of the family outlives it
 */
public record StoredGrant(String id, String clientId, String sub, Granted granted, long createdAt, long expiresAt, boolean revoked,
                          boolean userDisabled) {

    /** Returns true if the grant yields no more tokens. */
    boolean hasEnded(long now) {
        return revoked || userDisabled || expiresAt <= now;
    }
}
