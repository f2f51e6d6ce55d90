package dev.gatehouse.shared.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.jose.JwtVerifier.VerifiedJwt;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

@Order(1)
@ExtendWith(VertxExtension.class)
class JwtVerifierTest {

    private static final JsonObject CLAIMS = new JsonObject().put("sub", "someone");
    private static final JwtRules RULES = JwtRules.typed("at+jwt");
    private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

    private final KeySource keys = new FixedKeys(List.of(KEY.verificationKey()));

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void eachAlgorithmVerifiesWhatItSigned(SigningAlgorithm algorithm, Vertx vertx) throws Exception {
        SigningKey key = SampleKeys.of(algorithm);
        String jwt = await(new KeySigner(vertx, key).sign("at+jwt", CLAIMS));
        KeySource its = FixedKeys.parse(new JsonObject().put("keys", new JsonArray().add(key.publicJwk())));
        VerifiedJwt verified = verify(vertx, jwt, RULES, its);
        assertThat(verified.claims()).isEqualTo(CLAIMS);
        assertThat(verified.header().getString("alg")).isEqualTo(algorithm.wireName());
        assertRefused(vertx, tampered(jwt), RULES, its, "a wrong signature");
        SigningKey read = SigningKey.parse(key.secretJwk(), algorithm);
        assertThat(read.kid()).isEqualTo(key.kid());
    }

    @Test
    void typeMustBeOneOfTheExpected(Vertx vertx) throws Exception {
        assertRefused(vertx, signed(vertx, "JWT"), RULES, keys, "a JWT of another type");
        assertRefused(vertx, signed(vertx, "dpop+jwt"), RULES.orUntyped(), keys, "a JWT of another type");
        assertThat(verify(vertx, signed(vertx, "application/AT+JWT"), RULES, keys).claims()).isEqualTo(CLAIMS);
        assertThat(verify(vertx, signed(vertx, "JWT"), RULES.orUntyped(), keys).claims()).isEqualTo(CLAIMS);
        String untyped = forge(header().put("typ", null), CLAIMS.encode());
        assertRefused(vertx, untyped, RULES.orUntyped(), keys, "typ is not a string");
        assertRefused(vertx, forge(without("typ"), CLAIMS.encode()), RULES, keys, "a JWT of another type");
        assertThat(verify(vertx, forge(without("typ"), CLAIMS.encode()), RULES.orUntyped(), keys).claims())
            .isEqualTo(CLAIMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "HS512", "es256", "ES256K", ""})
    void algorithmsThatAreNotOursAreRefused(String name, Vertx vertx) {
        assertRefused(vertx, forge(header().put("alg", name), CLAIMS.encode()), RULES, keys, null);
    }

    @Test
    void publicKeyIsNoHmacSecret(Vertx vertx) throws Exception {
        String input = encode(header().put("alg", "HS256").encode()) + "." + encode(CLAIMS.encode());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY.publicJwk().encode().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String jwt = input + "." + SecretToken.encode(mac.doFinal(input.getBytes(StandardCharsets.UTF_8)));
        assertRefused(vertx, jwt, RULES, keys, "an algorithm that is not accepted");
    }

    @Test
    void onlyTheAlgorithmsOfTheRulesCount(Vertx vertx) throws Exception {
        String jwt = signed(vertx, "at+jwt");
        assertRefused(vertx, jwt, RULES.by(Set.of(SigningAlgorithm.RS256)), keys, "an algorithm that is not accepted");
        verify(vertx, jwt, RULES.by(Set.of(SigningAlgorithm.ES256)), keys);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crit", "jku", "x5u", "x5c", "b64", "jwk"})
    void headersThatChooseKeyOrMeaningAreRefused(String name, Vertx vertx) throws Exception {
        assertRefused(vertx, forge(header().put(name, new JsonArray()), CLAIMS.encode()), RULES, keys, null);
        verify(vertx, forge(header().put("x-harmless", new JsonArray()), CLAIMS.encode()), RULES, keys);
    }

    @Test
    void unknownKeyAndKeyOfAnotherAreRefused(Vertx vertx) throws Exception {
        assertRefused(vertx, forge(header().put("kid", "other"), CLAIMS.encode()), RULES, keys, "an unknown key");
        SigningKey namesake = SigningKey.parse(SigningKey.generate(SigningAlgorithm.ES256).secretJwk()
            .put("kid", KEY.kid()), SigningAlgorithm.ES256);
        String jwt = await(new KeySigner(vertx, namesake).sign("at+jwt", CLAIMS));
        assertRefused(vertx, jwt, RULES, keys, "a wrong signature");
        verify(vertx, forge(without("kid"), CLAIMS.encode()), RULES, keys);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sub\":\"a\",\"sub\":\"b\"}", "{\"sub\":\"a\"} {}", "[]", "null", "", "{\"sub\":"})
    void claimsAreOneObjectWithEachMemberOnce(String claims, Vertx vertx) {
        assertRefused(vertx, forge(header(), claims), RULES, keys, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.e30=", "e31.e30.", "e30.e30. ", "é.e30.e30"})
    void whatIsNoCompactJwtIsRefused(String text, Vertx vertx) {
        assertRefused(vertx, text, RULES, keys, null);
    }

    @Test
    void longJwtIsNotRead(Vertx vertx) throws Exception {
        String filler = "x".repeat(UnverifiedJwt.MAX_CHARS);
        assertRefused(vertx, forge(header(), new JsonObject().put("sub", filler).encode()), RULES, keys,
            "too long");
        verify(vertx, forge(header(), new JsonObject().put("sub", filler.substring(0, 8_000)).encode()), RULES, keys);
    }

    @Test
    void embeddedKeyProvesPossession(Vertx vertx) throws Exception {
        JsonObject header = without("kid").put("jwk", bareJwk());
        UnverifiedJwt proof = UnverifiedJwt.parse(forge(header, CLAIMS.encode()));
        VerifiedJwt verified = await(new JwtVerifier(vertx).verifyEmbedded(proof, RULES));
        assertThat(verified.key().thumbprint()).isEqualTo(KEY.kid());
        JsonObject secret = without("kid").put("jwk", KEY.secretJwk());
        assertEmbeddedRefused(vertx, secret, "a private or symmetric key instead of a public key");
        JsonObject symmetric = new JsonObject().put("kty", "oct").put("k", "c2VjcmV0".repeat(5));
        assertEmbeddedRefused(vertx, without("kid").put("jwk", symmetric),
            "a private or symmetric key instead of a public key");
        assertEmbeddedRefused(vertx, header(), "no embedded key");
        assertEmbeddedRefused(vertx, header().put("jwk", "x"), "a malformed embedded key");
    }

    private static void assertEmbeddedRefused(Vertx vertx, JsonObject header, String reason) {
        UnverifiedJwt jwt = UnverifiedJwt.parse(forge(header, CLAIMS.encode()));
        assertThatThrownBy(() -> await(new JwtVerifier(vertx).verifyEmbedded(jwt, RULES)))
            .isInstanceOf(JwtException.class).hasMessage(reason);
    }

    private static JsonObject header() {
        return new JsonObject().put("alg", "ES256").put("kid", KEY.kid()).put("typ", "at+jwt");
    }

    private static JsonObject without(String name) {
        JsonObject header = header();
        header.remove(name);
        return header;
    }

    private static JsonObject bareJwk() {
        JsonObject jwk = KEY.publicJwk();
        List.of("kid", "alg", "use").forEach(jwk::remove);
        return jwk;
    }

    private static String signed(Vertx vertx, String typ) throws Exception {
        return await(new KeySigner(vertx, KEY).sign(typ, CLAIMS));
    }

    /** Signs any header and claims with the correct key. */
    private static String forge(JsonObject header, String claims) {
        String input = encode(header.encode()) + "." + encode(claims);
        return input + "." + SecretToken.encode(KEY.sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String tampered(String jwt) {
        String[] parts = jwt.split("\\.");
        return parts[0] + "." + encode("{\"sub\":\"admin\"}") + "." + parts[2];
    }

    private static String encode(String text) {
        return SecretToken.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static VerifiedJwt verify(Vertx vertx, String jwt, JwtRules rules, KeySource keys) throws Exception {
        return await(new JwtVerifier(vertx).verify(jwt, rules, keys));
    }

    private static void assertRefused(Vertx vertx, String jwt, JwtRules rules, KeySource keys, String reason) {
        assertThatThrownBy(() -> verify(vertx, jwt, rules, keys)).isInstanceOf(JwtException.class)
            .satisfies(e -> assertThat(reason == null || reason.equals(e.getMessage())).as(e.getMessage()).isTrue());
    }

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
