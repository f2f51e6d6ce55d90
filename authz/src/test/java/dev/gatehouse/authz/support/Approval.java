package dev.gatehouse.authz.support;

import dev.gatehouse.shared.secret.SecretToken;

import java.nio.charset.StandardCharsets;

/** A code as the front channel hands it out, with the verifier that only its client knows. */
public record Approval(String code, String verifier, String grantId, String redirectUri) {

    public static String newVerifier() {
        return SecretToken.encode(SecretToken.randomBytes(32));
    }

    public static String challengeOf(String verifier) {
        return SecretToken.encode(SecretToken.sha256(verifier.getBytes(StandardCharsets.US_ASCII)));
    }
}
