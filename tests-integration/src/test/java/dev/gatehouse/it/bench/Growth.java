package dev.gatehouse.it.bench;

import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.ServerMemory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/**
 * Runs {@code ./gatehouse bench growth}: introspection of random tokens of a store that grows, with the memory of the server. The first curve is
 * over tokens of one client, the second over tokens that each have a user, a grant and a client of their own. Writes the curves as images.
 */
final class Growth {
    private static final double WARM_UP_SECONDS = 4;
    private static final int WARM_UPS = 6;
    private static final int LATER_WARM_UPS = 2;
    private static final double ROUND_SECONDS = 2;
    private static final int ROUNDS = 5;
    private static final int FIRST = 1_000;
    private static final int MOST_USERS = 100_000;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Servers servers;
    private final OAuthClient client;

    private Growth(Servers servers) {
        this.servers = servers;
        client = OAuthClient.demo(servers.issuer());
    }

    /** The figures at one size of the store. */
    private record Point(int size, double perSecond, double perCpuSecond, ServerMemory memory) {
    }

    /** @param most the most tokens; a power of ten */
    static void run(int most) throws IOException {
        List<Point> tokens = with(growth -> growth.curve("live tokens", most, GrownStore::ofClient));
        List<Point> users = with(growth -> growth.curve("users, clients and grants, one token each", Math.min(most, MOST_USERS), GrownStore::ofUser));
        Curves.write("growth-introspection", "Introspections in a second of processor time", "live tokens",
            Curves.curve("tokens of one client", tokens.stream().map(point -> new double[] {point.size(), point.perCpuSecond()}).toList()),
            Curves.curve("each with a user, a grant and a client", users.stream().map(point -> new double[] {point.size(), point.perCpuSecond()}).toList()));
        Curves.write("growth-memory", "Memory of the authorization server, MB", "live tokens",
            Curves.curve("resident", tokens.stream().map(point -> new double[] {point.size(), point.memory().resident() / 1e6}).toList()),
            Curves.curve("reachable objects", tokens.stream().map(point -> new double[] {point.size(), point.memory().live() / 1e6}).toList()));
    }

    private interface Work {
        List<Point> of(Growth growth) throws IOException, SQLException;
    }

    private static List<Point> with(Work work) throws IOException {
        try (Servers servers = new Servers()) {
            servers.stepAside();
            return work.of(new Growth(servers));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private List<Point> curve(String what, int most, IntFunction<GrownStore.Row> rows) throws IOException, SQLException {
        print("%-44s %10s %9s %9s %9s %10s%n", what, "requests/s", "CPU µs", "ratio", "live MB", "resident");
        List<Point> points = new ArrayList<>();
        try (GrownStore store = new GrownStore(servers.home.resolve("data/authz.db"), client.id(), servers.mcp())) {
            store.grow(1, rows);
            Load hot = load(1);
            warmUp(hot, WARM_UPS);
            Point alone = measured(1, hot);
            show(alone, alone);
            for (int size = FIRST; size <= most; size *= 10) {
                store.grow(size, rows);
                Load load = load(size);
                warmUp(load, LATER_WARM_UPS);
                points.add(measured(size, load));
                show(points.get(points.size() - 1), alone);
            }
        }
        return points;
    }

    private Load load(int size) {
        String basic = OAuthClient.basic(client.id(), client.secret());
        Source random = () -> RequestBytes.introspection(client.issuer(), basic, GrownStore.token(ThreadLocalRandom.current().nextInt(size)));
        return new Load(vertx, servers.authzPort, random, servers.process(servers.authzPort));
    }

    private static void warmUp(Load load, int runs) {
        for (int i = 0; i < runs; i++) {
            run(load, WARM_UP_SECONDS);
        }
        Servers.settle();
    }

    /** The round with the least processor time: other processes can only add to it. */
    private Point measured(int size, Load load) {
        Load.Result best = run(load, ROUND_SECONDS);
        for (int i = 1; i < ROUNDS; i++) {
            Load.Result next = run(load, ROUND_SECONDS);
            best = next.cpuMicros() < best.cpuMicros() ? next : best;
        }
        return new Point(size, best.perSecond(), 1e6 / best.cpuMicros(), ServerMemory.of(servers.process(servers.authzPort).pid()));
    }

    private static Load.Result run(Load load, double seconds) {
        return load.run(seconds).toCompletionStage().toCompletableFuture().join();
    }

    private static void show(Point point, Point alone) {
        print("%,44d %10.0f %9.1f %9.2f %9.1f %10.1f%n", point.size(), point.perSecond(), 1e6 / point.perCpuSecond(),
            point.perCpuSecond() / alone.perCpuSecond(), point.memory().live() / 1e6, point.memory().resident() / 1e6);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
