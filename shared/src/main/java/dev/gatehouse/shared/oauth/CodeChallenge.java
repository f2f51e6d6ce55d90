package dev.gatehouse.shared.oauth;

import dev.gatehouse.shared.secret.SecretToken;

import java.nio.charset.StandardCharsets;

/** Proof Key for Code Exchange (RFC 7636) with the method {@code S256}. */
public final class CodeChallenge {

    private CodeChallenge() {
    }

    /**
     * {@return the code challenge of a verifier (§4.2): 43 characters}
     *
     * @param verifier 43 to 128 ASCII characters
     */
    public static String s256(String verifier) {
        return SecretToken.encode(SecretToken.sha256(verifier.getBytes(StandardCharsets.US_ASCII)));
    }
}
