package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Rounds of load with faults at random moments. After each round all faults end, and every answer that a client got is compared with
 * the answers of all servers.
 */
final class Chaos implements AutoCloseable {

    private static final int CALLERS = 6;
    /** The published bound after which a revocation counts at every node. */
    private static final Duration ANNOUNCED = Duration.ofSeconds(5);
    private final PrintStream out;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    private final Ledger ledger = new Ledger();
    private final Random random;
    private final Installation installation;
    private final NoteWriter notes;
    private final List<Caller> callers;
    private final List<Fault> faults;

    Chaos(Installation.Engine engine, long seed, PrintStream out) throws IOException {
        this.out = out;
        random = new Random(seed);
        installation = new Installation(engine, vertx);
        notes = new NoteWriter(installation, ledger);
        String device = installation.register("urn:ietf:params:oauth:grant-type:device_code").id();
        callers = IntStream.range(0, CALLERS).mapToObj(i -> new Caller(installation, ledger, notes, device, random.nextLong())).toList();
        faults = Fault.possibleIn(installation);
        out.printf(Locale.ROOT, "%s, seed %d, faults %s%n", engine, seed, faults);
    }

    Ledger.Totals run(int rounds) {
        for (int round = 1; round <= rounds; round++) {
            Ledger.Totals before = ledger.totals();
            long begun = System.nanoTime();
            List<Fault> struck = round();
            check();
            ledger.close();
            Ledger.Totals after = ledger.totals();
            out.printf(Locale.ROOT, "round %d: %s; %d operations, %d acknowledged, %d lost, %d doubled, %d broken; %.1f s%n", round, struck,
                after.operations() - before.operations(), after.acknowledged() - before.acknowledged(), after.lost().size() - before.lost().size(),
                after.doubled().size() - before.doubled().size(), after.broken().size() - before.broken().size(), (System.nanoTime() - begun) / 1e9);
            after.lost().stream().skip(before.lost().size()).forEach(what -> out.println("  lost: " + what));
            after.doubled().stream().skip(before.doubled().size()).forEach(what -> out.println("  doubled: " + what));
            after.broken().stream().skip(before.broken().size()).forEach(what -> out.println("  broken: " + what));
        }
        return ledger.totals();
    }

    private List<Fault> round() {
        notes.begin();
        AtomicBoolean ended = new AtomicBoolean();
        List<CompletableFuture<Void>> load = callers.stream().map(caller -> CompletableFuture.runAsync(() -> caller.run(ended::get), threads)).toList();
        List<Fault> struck = new ArrayList<>();
        pause(200, 800);
        for (int i = random.nextInt(2); i >= 0; i--) {
            Fault fault = faults.get(random.nextInt(faults.size()));
            struck.add(fault);
            fault.strike(installation, random);
            pause(100, 900);
        }
        installation.heal();
        pause(100, 300);
        ended.set(true);
        load.forEach(CompletableFuture::join);
        return struck;
    }

    private void pause(int from, int to) {
        Waiting.on(vertx.timer(random.nextInt(from, to)).mapEmpty());
    }

    private void check() {
        List<OAuthClient> nodes = installation.authorizationServers().stream().map(installation::client).toList();
        for (OAuthClient node : nodes) {
            ledger.live().stream().filter(tokens -> !node.active(tokens.access()))
                .forEach(tokens -> ledger.lost(tokens, "an issued token is not active at " + node.issuer() + ": " + tokens.scope()
                    + (tokens.refresh() == null ? " of a client" : " of a user")));
            long deadline = System.nanoTime() + ANNOUNCED.toNanos();
            for (Tokens tokens : ledger.revoked()) {
                if (!isInactiveBefore(deadline, node, tokens.access())) {
                    ledger.lost("a revoked token is active at " + node.issuer());
                }
                if (node.refresh(tokens.refresh()).statusCode() != 400) {
                    ledger.lost("a revoked refresh token was accepted at " + node.issuer());
                }
            }
        }
        notes.check();
    }

    private static boolean isInactiveBefore(long deadline, OAuthClient node, String token) {
        try {
            Eventually.holds("the token is inactive", Duration.ofNanos(Math.max(0, deadline - System.nanoTime())), () -> !node.active(token));
            return true;
        } catch (AssertionError stillActive) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        installation.close();
        vertx.close();
    }
}
