package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;

/** Client keys of each kind sign assertions. */
final class AssertionKeyTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @EnumSource(names = {"ES256", "ES384", "ES512", "RS256", "EDDSA"})
    void aJwkSignsByItsAlgorithm(SigningAlgorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm);
        SignedJWT jwt = SignedJWT.parse(AssertionKey.parse(key.secretJwk().encode(), null).assertion("job", "https://auth.example.com", NOW));
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm.wireName());
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("job");
    }

    @Test
    void anEd25519KeyOfAPemFileSignsWhatItsPublicKeyVerifies() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
        SignedJWT jwt = SignedJWT.parse(AssertionKey.parse(pem, null).assertion("job", "https://auth.example.com", NOW));
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("EdDSA");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(pair.getPublic());
        signature.update(jwt.getSigningInput());
        assertThat(signature.verify(jwt.getSignature().decode())).isTrue();
        assertThat(SignedJWT.parse(AssertionKey.parse(pem, "Ed25519").assertion("job", "https://auth.example.com", NOW)).getHeader()
            .getAlgorithm().getName()).isEqualTo("Ed25519");
    }

    @Test
    void aKeyThatDoesNotFitTheAlgorithmIsRefusedAndNotShown() {
        String secret = SigningKey.generate(SigningAlgorithm.EDDSA).secretJwk().encode();
        AssertionKey key = AssertionKey.parse(secret, "RS256");
        assertThatThrownBy(() -> key.assertion("job", "https://auth.example.com", NOW)).isInstanceOf(OAuthFailure.class)
            .hasMessageContaining("RS256").hasMessageNotContaining(secret);
        assertThatThrownBy(() -> AssertionKey.parse("no key", null)).isInstanceOf(OAuthFailure.class);
    }
}
