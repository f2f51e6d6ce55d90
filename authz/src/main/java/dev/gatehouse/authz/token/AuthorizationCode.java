package dev.gatehouse.authz.token;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * A user's approval, with the code by which the client redeems it (RFC 6749 §4.1).
 *
 * @param grantId opaque; the family that every token of this approval belongs to
 * @param redirectUri as it was sent in the authorization request
 * @param codeChallenge S256 (RFC 7636 §4.2); empty where the client needs none
 * @param resources audiences that tokens may be asked for, at least one
 * @param createdAt epoch milliseconds
 * @param codeExpiresAt epoch milliseconds
 * @param grantExpiresAt epoch milliseconds: no token of the family outlives it
 * @param authenticatedAt when the person gave a password, epoch milliseconds
 * @param nonce for the ID token, or null
 * @param dpopJkt thumbprint of the key that the code is bound to, or null
 */
public record AuthorizationCode(String grantId, String codeHash, String sub, String clientId, String redirectUri,
                        String codeChallenge, Scopes scopes, List<String> resources, long createdAt, long codeExpiresAt,
                        long grantExpiresAt, long authenticatedAt, String nonce, String dpopJkt) {

    public AuthorizationCode {
        resources = List.copyOf(resources);
    }
}
