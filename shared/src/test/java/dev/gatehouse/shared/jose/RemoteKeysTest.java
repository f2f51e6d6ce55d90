package dev.gatehouse.shared.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.ConnectException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

@ExtendWith(VertxExtension.class)
class RemoteKeysTest {

    private static final SigningKey FIRST = SigningKey.generate(SigningAlgorithm.ES256);
    private static final SigningKey SECOND = SigningKey.generate(SigningAlgorithm.ES256);

    private final List<URI> fetches = new ArrayList<>();
    private Future<JsonObject> answer = Future.succeededFuture(setOf(FIRST));
    private Instant now = Instant.ofEpochSecond(1_800_000_000L);
    private RemoteKeys keys;

    @BeforeEach
    void makeKeys(Vertx vertx) {
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        keys = new RemoteKeys(vertx, URI.create("https://as.example/jwks"), this::fetch, clock);
    }

    @Test
    void setIsFetchedOnceAndAgainWhenItIsOld() throws Exception {
        assertThat(candidates(FIRST)).hasSize(1);
        assertThat(candidates(FIRST)).hasSize(1);
        assertThat(fetches).hasSize(1);
        pass(Duration.ofMinutes(5));
        assertThat(candidates(FIRST)).hasSize(1);
        assertThat(fetches).hasSize(2);
    }

    @Test
    void callersWhoComeTogetherShareOneFetch() throws Exception {
        Promise<JsonObject> slow = Promise.promise();
        answer = slow.future();
        var first = keys.candidates(FIRST.kid(), SigningAlgorithm.ES256);
        var second = keys.candidates(SECOND.kid(), SigningAlgorithm.ES256);
        slow.complete(setOf(FIRST));
        assertThat(Waiting.on(first)).hasSize(1);
        assertThat(Waiting.on(second)).isEmpty();
        assertThat(fetches).hasSize(1);
    }

    @Test
    void unknownKeyIsLookedForAgainButSeldom() throws Exception {
        assertThat(candidates(FIRST)).hasSize(1);
        answer = Future.succeededFuture(setOf(FIRST, SECOND));
        for (int i = 0; i < 100; i++) {
            assertThat(candidates(SECOND)).isEmpty();
        }
        assertThat(fetches).hasSize(1);
        pass(Duration.ofSeconds(10));
        assertThat(candidates(SECOND)).hasSize(1);
        assertThat(fetches).hasSize(2);
    }

    @Test
    void outageIsNoVerdictAndKnownKeysOutliveItForAWhile() throws Exception {
        answer = Future.failedFuture(new ConnectException("refused"));
        assertUnavailable(FIRST);
        assertUnavailable(FIRST);
        assertThat(fetches).hasSize(1);
        answer = Future.succeededFuture(setOf(FIRST));
        pass(Duration.ofSeconds(1));
        assertThat(candidates(FIRST)).hasSize(1);
        answer = Future.failedFuture(new ConnectException("refused"));
        pass(Duration.ofMinutes(14));
        assertThat(candidates(FIRST)).hasSize(1);
        assertUnavailable(SECOND);
        pass(Duration.ofMinutes(1));
        assertUnavailable(FIRST);
    }

    @Test
    void documentThatIsNoSetIsAnOutage() throws Exception {
        answer = Future.succeededFuture(new JsonObject());
        assertUnavailable(FIRST);
    }

    @Test
    void withdrawnKeyIsForgottenWithTheNextFetch() throws Exception {
        assertThat(candidates(FIRST)).hasSize(1);
        answer = Future.succeededFuture(setOf(SECOND));
        pass(Duration.ofMinutes(5));
        assertThat(candidates(FIRST)).isEmpty();
    }

    private Future<JsonObject> fetch(URI uri) {
        fetches.add(uri);
        return answer;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private List<VerificationKey> candidates(SigningKey key) throws Exception {
        return Waiting.on(keys.candidates(key.kid(), SigningAlgorithm.ES256));
    }

    private void assertUnavailable(SigningKey key) {
        assertThatThrownBy(() -> candidates(key)).isInstanceOf(KeysUnavailableException.class);
    }

    private static JsonObject setOf(SigningKey... keys) {
        JsonArray entries = new JsonArray();
        List.of(keys).forEach(key -> entries.add(key.publicJwk()));
        return new JsonObject().put("keys", entries);
    }
}
