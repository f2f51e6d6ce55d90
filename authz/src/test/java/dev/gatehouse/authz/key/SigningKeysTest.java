package dev.gatehouse.authz.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.key.SigningKeyStore.StoredKey;
import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqliteDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class SigningKeysTest {

    private static final JwtRules RULES = JwtRules.typed("at+jwt");
    private static final Duration AHEAD = Duration.ofMinutes(15);
    private static final long TOKEN_SECONDS = AuthzOptions.of(new JsonObject()).tokens().accessTokenSeconds();

    private final Vertx vertx = Vertx.vertx();
    private final TestClock clock = new TestClock();
    private final MasterKey master = new MasterKey(SecretToken.randomBytes(32));
    private final Path directory = RunningServer.temporaryDirectory();
    private Database database;

    @BeforeEach
    void open() {
        database = Waiting.on(SqliteDatabase.open(vertx, directory.resolve("authz.db"), "db/authz"));
    }

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void processesThatStartAtOnceMakeOneKeyAndAgreeOnIt() {
        List<SigningKeys> all = IntStream.range(0, 20).mapToObj(i -> keys("ES256")).toList();
        assertThat(stored()).hasSize(1);
        assertThat(all).allSatisfy(keys -> assertThat(kidOf(sign(keys, 60))).isEqualTo(stored().get(0).kid()));
    }

    @Test
    void ofManyWhoAddAtOnceOneDoes() {
        keys("ES256");
        var store = new SigningKeyStore(database);
        long generation = Waiting.on(store.read()).generation();
        List<Future<Boolean>> attempts = IntStream.range(0, 50).mapToObj(i -> store.add(
            new StoredKey("k" + i, "ES256", "{}", new byte[1], 0, 0, 0), generation)).toList();
        assertThat(attempts.stream().filter(Waiting::on)).hasSize(1);
        assertThat(stored()).hasSize(2);
    }

    @Test
    @Tag("slow")
    void everyAlgorithmSignsAndIsPublished() {
        for (String algorithm : List.of("ES256", "EdDSA", "RS256")) {
            SigningKeys keys = keys(algorithm);
            clock.advance(AHEAD.plusSeconds(1));
            String jwt = sign(keys, 60);
            assertThat(UnverifiedJwt.parse(jwt).header().getString("alg")).isEqualTo(algorithm);
            assertThat(Waiting.on(new JwtVerifier(vertx).verify(jwt, RULES, keys)).claims().getString("sub")).isEqualTo("someone");
        }
    }

    @Test
    void nextKeyIsPublishedBeforeItSignsAndTheOldOneKeptUntilItsLastTokenExpires() {
        SigningKeys keys = keys("ES256");
        String first = kidOf(sign(keys, 60));
        clock.advance(Duration.ofDays(90).minus(AHEAD));
        String longLived = sign(keys, Duration.ofDays(2).toSeconds());
        Waiting.on(keys.maintain());
        assertThat(published(keys)).hasSize(2).contains(first);
        assertThat(kidOf(sign(keys, 60))).isEqualTo(first);
        clock.advance(AHEAD);
        String second = kidOf(sign(keys, 60));
        assertThat(second).isNotEqualTo(first).isIn(published(keys));
        clock.advance(Duration.ofDays(1));
        Waiting.on(keys.maintain());
        assertThat(published(keys)).containsExactly(first, second);
        Waiting.on(new JwtVerifier(vertx).verify(longLived, RULES, keys));
        clock.advance(Duration.ofDays(1).plusHours(2));
        Waiting.on(keys.maintain());
        assertThat(published(keys)).containsExactly(second);
        assertThat(stored()).extracting(StoredKey::kid).containsExactly(second);
    }

    @Test
    void rotationOnCommandReachesAnotherProcessBeforeTheKeySigns() {
        SigningKeys here = keys("ES256");
        SigningKeys there = keys("ES256");
        String first = kidOf(sign(there, 60));
        assertThat(Waiting.on(here.rotate())).isEqualTo(clock.millis() + AHEAD.toMillis() + 1);
        Waiting.on(there.maintain());
        assertThat(published(there)).hasSize(2).isEqualTo(published(here));
        assertThat(kidOf(sign(there, 60))).isEqualTo(first);
        clock.advance(AHEAD.plusSeconds(1));
        assertThat(kidOf(sign(there, 60))).isNotEqualTo(first).isEqualTo(kidOf(sign(here, 60)));
    }

    @Test
    void removedKeyVerifiesNothingAndAnotherSignsAtOnce() {
        SigningKeys keys = keys("ES256");
        String jwt = sign(keys, 60);
        Waiting.on(new JwtVerifier(vertx).verify(jwt, RULES, keys));
        assertThat(Waiting.on(new SigningKeyStore(database).remove(kidOf(jwt), clock.millis()))).isTrue();
        Waiting.on(keys.maintain());
        assertThatThrownBy(() -> Waiting.on(new JwtVerifier(vertx).verify(jwt, RULES, keys))).isInstanceOf(JwtException.class);
        String next = sign(keys, 60);
        assertThat(kidOf(next)).isNotEqualTo(kidOf(jwt)).isIn(published(keys));
        Waiting.on(new JwtVerifier(vertx).verify(next, RULES, keys));
        assertThat(Waiting.on(new SigningKeyStore(database).remove(kidOf(jwt), clock.millis()))).isFalse();
    }

    @Test
    void anotherAlgorithmTakesOverWhenItIsPublished() {
        SigningKeys before = keys("ES256");
        String old = kidOf(sign(before, 60));
        SigningKeys after = keys("EdDSA");
        assertThat(kidOf(sign(after, 60))).isEqualTo(old);
        clock.advance(AHEAD.plusSeconds(1));
        assertThat(UnverifiedJwt.parse(sign(after, 60)).header().getString("alg")).isEqualTo("EdDSA");
        assertThat(published(after)).hasSize(2).contains(old);
    }

    @Test
    void privateKeysAreSealedAndUnderAnotherKeyFileOnlyVerify() {
        String jwt = sign(keys("ES256"), 60);
        assertThat(new String(stored().get(0).sealedJwk(), StandardCharsets.ISO_8859_1)).doesNotContain("\"d\"", "kty");
        assertThat(new JsonObject(stored().get(0).publicJwk()).containsKey("d")).isFalse();
        SigningKeys stranger = Waiting.on(SigningKeys.open(vertx, new SigningKeyStore(database),
            new MasterKey(SecretToken.randomBytes(32)), options("ES256"), TOKEN_SECONDS, clock));
        Waiting.on(new JwtVerifier(vertx).verify(jwt, RULES, stranger));
        assertThat(kidOf(sign(stranger, 60))).isNotEqualTo(kidOf(jwt));
    }

    private SigningKeys keys(String algorithm) {
        return Waiting.on(SigningKeys.open(vertx, new SigningKeyStore(database), master, options(algorithm), TOKEN_SECONDS, clock));
    }

    private static SigningOptions options(String algorithm) {
        return AuthzOptions.of(new JsonObject().put("signing", new JsonObject().put("algorithm", algorithm))).signing();
    }

    private String sign(SigningKeys keys, long seconds) {
        return Waiting.on(keys.sign("at+jwt", new JsonObject().put("sub", "someone").put("exp", clock.millis() / 1000 + seconds)));
    }

    private static String kidOf(String jwt) {
        return UnverifiedJwt.parse(jwt).kid();
    }

    private static List<String> published(SigningKeys keys) {
        JsonArray set = keys.publicSet().getJsonArray("keys");
        return IntStream.range(0, set.size()).mapToObj(i -> set.getJsonObject(i).getString("kid")).toList();
    }

    private List<StoredKey> stored() {
        return Waiting.on(new SigningKeyStore(database).read()).keys();
    }
}
