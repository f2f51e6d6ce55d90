package dev.gatehouse.shared.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.RsaKeys;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

@Order(1)
class VerificationKeyTest {

    private static final String THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    /** RFC 8037 appendix A. */
    private static final JsonObject ED25519 = new JsonObject().put("kty", "OKP").put("crv", "Ed25519")
        .put("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");

    @Test
    void thumbprintIsThatOfTheStandardsExample() {
        assertThat(VerificationKey.parse(ED25519).thumbprint()).isEqualTo(THUMBPRINT);
        assertThat(VerificationKey.parse(ED25519.copy().put("kid", "x").put("use", "sig")).thumbprint())
            .isEqualTo(THUMBPRINT);
    }

    @Test
    void signatureOfTheStandardsExampleVerifies() {
        byte[] input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(StandardCharsets.US_ASCII);
        byte[] signature = Base64.getUrlDecoder().decode(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        VerificationKey key = VerificationKey.parse(ED25519);
        assertThat(key.verifies(SigningAlgorithm.EDDSA, input, signature)).isTrue();
        assertThat(key.verifies(SigningAlgorithm.ES256, input, signature)).isFalse();
        signature[3]++;
        assertThat(key.verifies(SigningAlgorithm.EDDSA, input, signature)).isFalse();
        assertThat(key.verifies(SigningAlgorithm.EDDSA, input, new byte[0])).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{\"kty\":\"EC\"}", "{\"kty\":\"zzz\"}", "{\"kty\":7}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}", "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"})
    void whatIsNoUsableKeyIsLeftOutOfASet(String jwk) {
        JsonObject malformed = new JsonObject(jwk);
        assertThatThrownBy(() -> VerificationKey.parse(malformed)).isInstanceOf(JwtException.class);
        JsonArray entries = new JsonArray().add(malformed).add("text").add(ED25519);
        assertThat(FixedKeys.parse(new JsonObject().put("keys", entries)).size()).isEqualTo(1);
    }

    @Test
    void privateAndEncryptionKeysAreLeftOutOfASet() {
        SigningKey secret = SigningKey.generate(SigningAlgorithm.ES256);
        JsonArray entries = new JsonArray().add(secret.secretJwk()).add(secret.publicJwk().put("use", "enc"));
        assertThat(FixedKeys.parse(new JsonObject().put("keys", entries)).size()).isZero();
        assertThat(FixedKeys.parse(new JsonObject().put("keys", new JsonArray().add(secret.publicJwk()))).size())
            .isEqualTo(1);
        assertThatThrownBy(() -> FixedKeys.parse(new JsonObject())).isInstanceOf(JwtException.class);
    }

    @Test
    @Tag("slow")
    void publicFormHoldsNothingPrivate() {
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            SigningKey key = SampleKeys.of(algorithm);
            assertThat(key.publicJwk().fieldNames()).contains("kid", "alg", "use", "kty")
                .doesNotContain("d", "p", "q", "dp", "dq", "qi", "k");
            assertThat(key.toString()).doesNotContain(key.secretJwk().getString("d"));
        }
    }

    @Test
    @Tag("slow")
    void shortRsaKeyFitsNothing() {
        assertThat(VerificationKey.of(RsaKeys.weak().toPublicJWK()).fits(SigningAlgorithm.RS256)).isFalse();
        assertThat(SampleKeys.of(SigningAlgorithm.RS256).verificationKey().fits(SigningAlgorithm.RS256)).isTrue();
    }
}
