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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * Runs {@code ./gatehouse bench growth}: introspection of random tokens of a store that grows, with the memory of the server, over tokens of one
 * client or over tokens that each have a user, a grant and a client of their own. Each token is introspected once before the measurement. These
 * clients also request tokens. Writes the curves as images.
 */
final class Growth {
    private static final double WARM_UP_SECONDS = 4;
    private static final int WARM_UPS = 12;
    private static final int LATER_WARM_UPS = 2;
    private static final double ROUND_SECONDS = 2;
    private static final int ROUNDS = 5;
    private static final int FIRST = 1_000;
    private static final int FIRST_USERS = 100;
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

    /** The requests to a store of some size. */
    private interface Requests {
        Source of(Growth growth, int size);
    }

    /** @param most the most tokens; a power of ten */
    static void ofTokens(int most) throws IOException {
        List<Point> tokens = with(most, growth -> growth.curve("live tokens", FIRST, most, GrownStore::ofClient, Growth::introspection));
        Curves.write("growth-introspection", "Introspections in a second of processor time", "live tokens",
            Curves.curve("tokens of one client", perCpuSecond(tokens)));
        Curves.write("growth-memory", "Memory of the authorization server, MB", "live tokens",
            Curves.curve("resident", tokens.stream().map(point -> new double[] {point.size(), point.memory().resident() / 1e6}).toList()),
            Curves.curve("reachable objects", tokens.stream().map(point -> new double[] {point.size(), point.memory().live() / 1e6}).toList()));
    }

    /** @param most the most users, and clients; a power of ten */
    static void ofUsers(int most) throws IOException {
        List<Point> users = with(most, growth -> growth.curve("users, clients and grants, one token each", FIRST_USERS, most, GrownStore::ofUser,
            Growth::introspection));
        List<Point> clients = with(most, growth -> growth.curve("clients, which request tokens", FIRST_USERS, most, GrownStore::ofUser, Growth::clientCredentials));
        Curves.write("growth-users", "Requests in a second of processor time", "users, clients, grants",
            Curves.curve("introspection", perCpuSecond(users)), Curves.curve("client_credentials", perCpuSecond(clients)));
    }

    private static List<double[]> perCpuSecond(List<Point> points) {
        return points.stream().map(point -> new double[] {point.size(), point.perCpuSecond()}).toList();
    }

    private interface Work {
        List<Point> of(Growth growth) throws IOException, SQLException;
    }

    private static List<Point> with(int most, Work work) throws IOException {
        try (Servers servers = Servers.withIndexOf(most)) {
            Servers.stepAside();
            return work.of(new Growth(servers));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private List<Point> curve(String what, int first, int most, IntFunction<GrownStore.Row> rows, Requests requests) throws IOException, SQLException {
        print("%-44s %10s %9s %9s %9s %10s%n", what, "requests/s", "CPU µs", "ratio", "live MB", "resident");
        List<Point> points = new ArrayList<>();
        try (GrownStore store = new GrownStore(servers.home.resolve("data/authz.db"), client.id(), servers.mcp())) {
            store.grow(1, rows);
            Load hot = load(1, requests);
            warmUp(hot, WARM_UPS);
            Point alone = measured(1, hot);
            show(alone, alone);
            for (int size = first; size <= most; size *= 10) {
                store.grow(size, rows);
                introspectEach(size);
                Load load = load(size, requests);
                warmUp(load, LATER_WARM_UPS);
                points.add(measured(size, load));
                show(points.get(points.size() - 1), alone);
            }
        }
        return points;
    }

    private Load load(int size, Requests requests) {
        return new Load(vertx, servers.authzPort, requests.of(this, size), servers.process(servers.authzPort));
    }

    private Source introspection(int size) {
        return introspection(() -> ThreadLocalRandom.current().nextInt(size));
    }

    private Source introspection(IntSupplier numbers) {
        String basic = OAuthClient.basic(client.id(), client.secret());
        return RequestBytes.active(() -> RequestBytes.introspection(client.issuer(), basic, GrownStore.token(numbers.getAsInt())));
    }

    /** Fills the index of the server. The requests after the last token, until the run ends, are for tokens at random. */
    private void introspectEach(int size) {
        AtomicInteger next = new AtomicInteger();
        Load inOrder = new Load(vertx, servers.authzPort, introspection(() -> next.get() < size ? next.getAndIncrement()
            : ThreadLocalRandom.current().nextInt(size)), servers.process(servers.authzPort));
        while (next.get() < size) {
            run(inOrder, WARM_UP_SECONDS);
        }
    }

    private Source clientCredentials(int size) {
        return RequestBytes.issued(() -> {
            String id = GrownStore.client(ThreadLocalRandom.current().nextInt(size));
            return RequestBytes.clientCredentials(client.tokenUrl(), OAuthClient.basic(id, id), servers.mcp());
        });
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
