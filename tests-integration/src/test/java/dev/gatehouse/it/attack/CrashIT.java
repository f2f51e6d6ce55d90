package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** kill -9 in the middle of logins, refreshes and revocations: what was answered holds behind the restart. */
@Order(2)
final class CrashIT {
    private static final int WORKERS = 4;
    private static final int ANSWERS_BEFORE_KILL = 150;
    private static final int ROUNDS = 3;

    /** The responses that a client got before the crash. */
    private final Queue<Tokens> alive = new ConcurrentLinkedQueue<>();
    private final Queue<String> spentCodes = new ConcurrentLinkedQueue<>();
    private final Queue<Tokens> revoked = new ConcurrentLinkedQueue<>();
    private final Queue<AssertionError> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void whatWasAnsweredHoldsBehindTheRestart() throws InterruptedException {
        try (RunningGatehouse gatehouse = RunningGatehouse.up()) {
            for (int round = 0; round < ROUNDS; round++) {
                loadUntilKilled(gatehouse);
                gatehouse.start();
                assertEverythingHolds(gatehouse);
            }
        }
    }

    @Test
    void gracefulStopIsQuickAndKeepsTokens() {
        try (RunningGatehouse gatehouse = RunningGatehouse.up()) {
            Tokens tokens = gatehouse.tokens();
            assertThat(gatehouse.stop()).isLessThan(Duration.ofSeconds(5));
            gatehouse.start();
            assertThat(gatehouse.client().active(tokens.access())).isTrue();
            assertThat(gatehouse.client().refresh(tokens.refresh()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void rotatedTokenStaysDeadBehindTheRestart() {
        try (RunningGatehouse gatehouse = RunningGatehouse.up()) {
            OAuthClient client = gatehouse.client();
            Tokens first = gatehouse.tokens();
            Tokens second = Tokens.of(expect(client.refresh(first.refresh())));
            Tokens third = Tokens.of(expect(client.refresh(second.refresh())));
            gatehouse.kill();
            gatehouse.start();
            assertThat(client.active(third.access())).isTrue();
            HttpResponse<String> reused = client.refresh(first.refresh());
            assertThat(reused.statusCode()).as(reused.body()).isEqualTo(400);
            assertThat(client.active(third.access())).isFalse();
            assertThat(client.refresh(third.refresh()).statusCode()).isEqualTo(400);
        }
    }

    private void loadUntilKilled(RunningGatehouse gatehouse) throws InterruptedException {
        int before = alive.size() + revoked.size();
        AtomicBoolean killed = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(WORKERS);
        List<Thread> workers = IntStream.range(0, WORKERS).mapToObj(worker -> new Thread(() -> {
            work(gatehouse, killed, worker);
            done.countDown();
        }, "load-" + worker)).toList();
        workers.forEach(Thread::start);
        Eventually.holds("enough answers", Duration.ofSeconds(60),
            () -> alive.size() + revoked.size() >= before + ANSWERS_BEFORE_KILL || done.getCount() == 0);
        killed.set(true);
        gatehouse.kill();
        done.await();
        assertThat(wrong).isEmpty();
    }

    /** Each worker logs in once and then takes codes, redeems, refreshes and revokes until the server is gone. */
    private void work(RunningGatehouse gatehouse, AtomicBoolean killed, int worker) {
        OAuthClient client = gatehouse.client();
        Journey journey = gatehouse.journey();
        try {
            for (int i = 0; !killed.get(); i++) {
                Pkce pkce = Pkce.fresh();
                String code = journey.code(client, pkce);
                Tokens tokens = Tokens.of(expect(client.redeem(code, pkce)));
                spentCodes.add(code + " " + pkce.verifier());
                if ((i + worker) % 3 == 0) {
                    tokens = Tokens.of(expect(client.refresh(tokens.refresh())));
                }
                if ((i + worker) % 5 == 0) {
                    expect(client.revoke(tokens.refresh()));
                    revoked.add(tokens);
                } else {
                    alive.add(tokens);
                }
            }
        } catch (AssertionError unexpected) {
            if (!killed.get()) {
                wrong.add(unexpected);
            }
        } catch (RuntimeException serverGone) {
            if (!killed.get()) {
                wrong.add(new AssertionError(serverGone));
            }
        }
    }

    private void assertEverythingHolds(RunningGatehouse gatehouse) {
        OAuthClient client = gatehouse.client();
        assertThat(alive).isNotEmpty();
        assertThat(alive).allMatch(tokens -> client.active(tokens.access()), "active behind the restart");
        assertThat(revoked).noneMatch(tokens -> client.active(tokens.access()));
        assertThat(revoked).allMatch(tokens -> client.refresh(tokens.refresh()).statusCode() == 400);
        Tokens last = alive.peek();
        alive.remove(last);
        HttpResponse<String> refreshed = client.refresh(last.refresh());
        assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
        String[] spent = spentCodes.peek().split(" ");
        assertThat(client.redeem(spent[0], Pkce.of(spent[1])).statusCode()).as("a spent code stays spent")
            .isEqualTo(400);
        // The replay just revoked the family of that code, which is the oldest one and may be among the living.
        alive.removeIf(tokens -> !client.active(tokens.access()));
        spentCodes.clear();
    }

    private static String expect(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
