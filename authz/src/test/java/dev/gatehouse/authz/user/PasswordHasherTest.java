package dev.gatehouse.authz.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.user.FairWorkers.Turn;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

class PasswordHasherTest {

    private static Vertx vertx;
    private static PasswordHasher hasher;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        hasher = new PasswordHasher(vertx, new PasswordHashOptions(64, 1, 1, 2));
    }

    @AfterAll
    static void stop() {
        Waiting.on(hasher.close());
        Waiting.on(vertx.close());
    }

    @Test
    void hashesAreSaltedAndNameTheirCost() {
        String first = Waiting.on(hasher.hash("correct horse"));
        String second = Waiting.on(hasher.hash("correct horse"));
        assertThat(first).matches("\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}").isNotEqualTo(second);
        assertThat(Waiting.on(hasher.verify("correct horse", first))).isTrue();
        assertThat(Waiting.on(hasher.verify("correct horse ", first))).isFalse();
    }

    @Test
    void hashOfAnotherCostIsVerifiedAtItsOwn() {
        String dearer = new Argon2id(new PasswordHashOptions(128, 2, 1, 1)).hash("correct horse");
        assertThat(Waiting.on(hasher.verify("correct horse", dearer))).isTrue();
        assertThat(Waiting.on(hasher.verify("wrong", dearer))).isFalse();
    }

    @Test
    void longAndForeignPasswordsCountToTheLastCharacter() {
        String password = "\u5bc6\u7801".repeat(100);
        String hash = Waiting.on(hasher.hash(password));
        assertThat(Waiting.on(hasher.verify(password, hash))).isTrue();
        assertThat(Waiting.on(hasher.verify(password + "x", hash))).isFalse();
        assertThat(Waiting.on(hasher.verify("e\u0301clair", Waiting.on(hasher.hash("\u00e9clair"))))).isTrue();
    }

    @Test
    void absentPasswordIsNeverRight() {
        assertThat(Waiting.on(hasher.verifyAbsent("no one has this password", new Turn("absent", () -> false)))).isFalse();
    }

    @Test
    void hashOfAnAbsentAccountCostsAsMuchAsAStoredOne() {
        Argon2id argon2id = new Argon2id(new PasswordHashOptions(128, 2, 1, 1));
        String stored = argon2id.hash("correct horse");
        assertThat(argon2id.unmatched()).matches("\\$argon2id\\$v=19\\$m=128,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}")
            .startsWith(stored.substring(0, stored.indexOf("p=1"))).isNotEqualTo(argon2id.unmatched());
        assertThat(argon2id.verify("correct horse", argon2id.unmatched())).isFalse();
        assertThat(argon2id.verify("correct horse", stored)).isTrue();
    }

    @Test
    void costIsKnownAfterTheFirstHash() {
        PasswordHasher fresh = new PasswordHasher(vertx, new PasswordHashOptions(64, 1, 1, 1));
        assertThat(fresh.cost()).isEmpty();
        Waiting.on(fresh.hash("correct horse"));
        assertThat(fresh.cost()).hasValueSatisfying(cost -> assertThat(cost).isPositive());
        Waiting.on(fresh.close());
    }

    @Test
    void accountThatNoPasswordOpensHasNone() {
        assertThat(Waiting.on(hasher.verify("$none", "$none"))).isFalse();
        assertThat(Waiting.on(hasher.verify("", ""))).isFalse();
    }

    @Test
    void passwordThatIsTooLongIsWrongAtOnceAndNeverHashed() {
        String longest = "x".repeat(Argon2id.LONGEST);
        String hash = Waiting.on(hasher.hash(longest));
        assertThat(Waiting.on(hasher.verify(longest, hash))).isTrue();
        Future<Boolean> tooLong = hasher.verify("\u0301".repeat(Argon2id.LONGEST + 1), hash);
        assertThat(tooLong.isComplete()).as("answered without work").isTrue();
        assertThat(tooLong.result()).isFalse();
        assertThatThrownBy(() -> Waiting.on(hasher.hash(longest + "x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void floodInOneLaneDelaysAnotherByAFewHashesOnly() {
        String hash = Waiting.on(hasher.hash("right"));
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Future<Boolean>> flood = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            flood.add(hasher.verify("wrong", hash, new Turn("flood", () -> false)).onSuccess(done -> order.add("flood")));
        }
        assertThat(Waiting.on(hasher.verify("right", hash, new Turn("person", () -> false)).onSuccess(done -> order.add("person")))).isTrue();
        int before = order.indexOf("person");
        Waiting.on(Future.join(flood));
        assertThat(order).hasSize(91);
        assertThat(before).as("hashes of the flood that came before").isLessThan(45);
    }

    @Test
    void fullLaneIsRefusedAndOthersAreNot() {
        String hash = Waiting.on(hasher.hash("right"));
        List<Future<Boolean>> flood = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flood.add(hasher.verify("wrong", hash, new Turn("flood", () -> false)));
        }
        Future<Boolean> other = hasher.verify("right", hash, new Turn("person", () -> false));
        Waiting.on(Future.join(flood).otherwiseEmpty());
        assertThat(flood).filteredOn(Future::failed).isNotEmpty();
        assertThat(Waiting.on(other)).isTrue();
    }

    @Test
    void workOfACallerWhoHasGoneIsDropped() {
        String hash = Waiting.on(hasher.hash("right"));
        AtomicBoolean gone = new AtomicBoolean();
        Turn turn = new Turn("leaver", gone::get);
        assertThat(Waiting.on(hasher.verify("right", hash, turn))).isTrue();
        gone.set(true);
        assertThatThrownBy(() -> Waiting.on(hasher.verify("right", hash, turn))).hasStackTraceContaining("the caller has disconnected");
        gone.set(false);
        assertThat(Waiting.on(hasher.verify("right", hash, turn))).as("the lane goes on").isTrue();
    }

    @Test
    void floodIsRefusedInsteadOfQueuedForever() {
        List<Future<String>> flood = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            flood.add(hasher.hash("x"));
        }
        Waiting.on(Future.join(flood).otherwiseEmpty());
        assertThat(flood).filteredOn(Future::failed).isNotEmpty().allSatisfy(refused ->
            assertThat(refused.cause()).isInstanceOfSatisfying(OAuthException.class,
                cause -> assertThat(cause.code()).isEqualTo(OAuthErrorCode.TEMPORARILY_UNAVAILABLE)));
        assertThat(flood).filteredOn(Future::succeeded).hasSizeGreaterThanOrEqualTo(200);
        assertThat(Waiting.on(hasher.hash("x"))).isNotNull();
    }
}
