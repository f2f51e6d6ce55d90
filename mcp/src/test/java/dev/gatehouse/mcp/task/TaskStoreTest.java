package dev.gatehouse.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

class TaskStoreTest {

    private static final Duration LIFETIME = Duration.ofMillis(TaskStore.LIFETIME_MILLIS);

    private final SteppingClock clock = new SteppingClock("2026-11-23T12:00:00Z");
    private final TaskStore store = new TaskStore(clock);
    private final Principal alice = principal("alice", "client");

    private static Principal principal(String subject, String client) {
        return new Principal("http://issuer", subject, client, Set.of("read"), Long.MAX_VALUE, new JsonObject());
    }

    private RunningTask create(Principal owner) {
        return store.create(owner, Set.of("read"), Map.of()).orElseThrow();
    }

    @Test
    void aTaskIsKeptForItsWholeLifetimeAndForgottenBehindIt() {
        RunningTask task = create(alice);
        clock.advance(LIFETIME.minusMillis(1));
        assertThat(store.find(task.id(), alice)).contains(task);
        clock.advance(Duration.ofMillis(1));
        assertThat(store.find(task.id(), alice)).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void aTaskThatStillRunsWhenItIsForgottenIsCancelled() {
        RunningTask task = create(alice);
        Future<Map<String, InputResponse>> answers = task.ask(Map.of("key", InputRequest.roots()));
        List<Object> told = new ArrayList<>();
        task.listen(now -> told.add(now.get("status")));
        clock.advance(LIFETIME);
        store.find("other", alice);
        assertThat(told).containsExactly("input_required", "cancelled");
        assertThatThrownBy(() -> Waiting.on(answers)).isInstanceOf(CallRefused.class);
    }

    @Test
    void aTaskHearsOfTheEndOfItsTimeThoughItIsNotLookedAtAndOfTheServersStop() {
        RunningTask old = create(alice);
        clock.advance(LIFETIME.minusMillis(1));
        RunningTask young = create(alice);
        store.sweep();
        assertThat(old.cancelled().isComplete()).isFalse();
        clock.advance(Duration.ofMillis(1));
        store.sweep();
        assertThat(old.cancelled().isComplete()).isTrue();
        assertThat(young.cancelled().isComplete()).isFalse();

        store.close();
        assertThat(young.cancelled().isComplete()).isTrue();
        assertThat(store.size()).isZero();
    }

    @Test
    void aTaskBelongsToOneUserThroughOneClientWithItsScopes() {
        RunningTask task = create(alice);
        assertThat(store.find(task.id(), principal("alice", "client"))).contains(task);
        assertThat(store.find(task.id(), principal("alice", "other"))).isEmpty();
        assertThat(store.find(task.id(), principal("bob", "client"))).isEmpty();
        assertThat(store.find(task.id(), new Principal("http://issuer", "alice", "client", Set.of("write"), 0, new JsonObject()))).isEmpty();
    }

    @Test
    void whatATaskKeptIsFreeAgainWhenItIsForgotten() {
        long most = 16L << 20;
        assertThat(create(alice).complete("first", most)).isTrue();
        assertThat(create(alice).complete("second", 1)).isFalse();
        assertThat(create(principal("bob", "client")).complete("bob's", most)).isTrue();
        clock.advance(LIFETIME);
        assertThat(create(alice).complete("third", most)).isTrue();
    }

    @Test
    void noMoreIsKeptForAllOwnersTogetherThanThereIsRoomFor() {
        for (int i = 0; i < 8; i++) {
            assertThat(create(principal("user" + i, "client")).complete("result", 16L << 20)).isTrue();
        }
        assertThat(create(alice).complete("result", 1)).isFalse();
    }

    @Test
    void thereAreSoManyTasksAndNoMoreUntilOldOnesAreForgotten() {
        for (int i = 0; i < 2_000; i++) {
            create(principal("user" + i / 100, "client"));
        }
        assertThat(store.create(alice, Set.of(), Map.of())).isEmpty();
        assertThat(store.size()).isEqualTo(2_000);
        clock.advance(LIFETIME);
        assertThat(store.create(alice, Set.of(), Map.of())).isPresent();
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void anAnswerIsTakenOnceAndHoldsForLaterQuestions() {
        RunningTask task = create(alice);
        Future<Map<String, InputResponse>> first = task.ask(Map.of("key", InputRequest.roots()));
        assertThat(task.update(Map.of("key", new InputResponse(Map.of("roots", "one"))), 10)).isTrue();
        assertThat(task.update(Map.of("key", new InputResponse(Map.of("roots", "two"))), 10)).isTrue();
        assertThat(Waiting.on(first).get("key").result()).containsEntry("roots", "one");
        assertThat(Waiting.on(task.ask(Map.of("key", InputRequest.roots()))).get("key").result()).containsEntry("roots", "one");
        assertThat(task.detail()).containsEntry("status", "working");
    }
}
