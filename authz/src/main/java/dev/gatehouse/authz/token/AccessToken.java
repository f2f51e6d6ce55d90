package dev.gatehouse.authz.token;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * An access token as it is stored.
 *
 * @param hash of the token's text
 * @param grantId the family it belongs to; null for a client's own token
 * @param sub the user, or the client itself
 * @param audience the resources that it is good for, at least one
 * @param issuedAt epoch milliseconds
 * @param expiresAt epoch milliseconds
 * @param confirmation what it is bound to, or null for a bearer token
 */
public record AccessToken(String hash, String grantId, String clientId, String sub, Scopes scopes, List<String> audience,
                          long issuedAt, long expiresAt, Confirmation confirmation) {

    public AccessToken {
        audience = List.copyOf(audience);
        if (audience.isEmpty()) {
            throw new IllegalArgumentException("A token without an audience would be good everywhere");
        }
    }

    /** Returns true for a token of type DPoP, which is useless without proofs by a key (RFC 9449 §5). */
    public boolean isBoundToKey() {
        return confirmation != null && confirmation.isKey();
    }
}
