package dev.gatehouse.shared.dpop;

import dev.gatehouse.shared.secret.SecretToken;

/**
 * A proof that its sender holds a key, found good (RFC 9449 §4.3).
 *
 * @param thumbprint of the key: base64url of SHA-256 (RFC 7638), 43 characters
 * @param jti the proof's own identifier, which counts once
 * @param issuedAt epoch seconds, as its sender's clock had it
 * @param nonce the server's nonce that it holds, checked; or null
 */
public record DpopProof(String thumbprint, String jti, long issuedAt, String nonce) {

    /** What this proof is remembered by: the identifier among those of its key, so that nobody spends another's. */
    public String identifier() {
        return SecretToken.hash(thumbprint + '\n' + jti);
    }
}
