package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Runs {@code ./gatehouse bench nodes}: requests to 1, 2 and 4 processes of each server over one PostgreSQL database, or to as many event loops of
 * one process. All servers share one core, so the figure is the processor time of a request: what it costs to share the state.
 */
final class Nodes {
    private static final int[] COUNTS = {1, 2, 4};
    private static final double WARM_UP_SECONDS = 4;
    private static final int WARM_UPS = 10;
    private static final int ROUNDS = 4;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Postgres postgres;
    private final double seconds;
    private final Map<String, Double> ofOne = new HashMap<>();
    private final Map<String, List<double[]>> curves = new LinkedHashMap<>();

    private Nodes(Postgres postgres, double seconds) {
        this.postgres = postgres;
        this.seconds = seconds;
    }

    /** The figures of one round. @param servers CPU µs of all servers for a request @param database CPU µs of PostgreSQL */
    private record Round(double perSecond, double servers, double database) {

        double cpuMicros() {
            return servers + database;
        }
    }

    /** @param loops whether the event loops of one process grow in number, instead of the processes */
    static void run(boolean loops, double seconds) throws IOException {
        try (Postgres postgres = Postgres.durable()) {
            Nodes nodes = new Nodes(postgres, seconds);
            String unit = loops ? "event loops of one process" : "processes of each server";
            print("%-20s %-26s %10s %9s %9s %9s%n", "", unit, "requests/s", "CPU µs", "database", "to one");
            for (int count : COUNTS) {
                try (NodeServers servers = loops ? new NodeServers(postgres, 1, count) : new NodeServers(postgres, count, 1)) {
                    Servers.stepAside();
                    nodes.measure(servers, count);
                }
            }
            Curves.write(loops ? "growth-loops" : "growth-nodes", "Requests in a second of processor time, in percent of those with one", unit,
                nodes.curves.entrySet().stream().map(each -> Curves.curve(each.getKey(), each.getValue())).toArray(Curves.Curve[]::new));
        }
    }

    private void measure(NodeServers servers, int count) {
        OAuthClient client = servers.client();
        String token = Journey.demo(client.issuer()).tokens(client, "resource", servers.resource()).access();
        measure("introspection", servers, count, servers.authzPorts(),
            port -> RequestBytes.active(RequestBytes.introspection(client, List.of(token))));
        measure("tools/call", servers, count, servers.mcpPorts(),
            port -> RequestBytes.profile(RequestBytes.statelessToolCall("http://localhost:" + port + "/mcp", token)));
        measure("client_credentials", servers, count, servers.authzPorts(),
            port -> RequestBytes.issued(RequestBytes.clientCredentials(client, servers.resource())));
    }

    private void measure(String name, NodeServers servers, int count, List<Integer> ports, Function<Integer, Source> requests) {
        // Each node or loop has as many connections as one alone, so that its commits stay as large.
        int connections = Load.CONNECTIONS * count / ports.size();
        List<Load> loads = ports.stream().map(port -> new Load(vertx, port, requests.apply(port), connections, 0, ProcessHandle.current())).toList();
        warmUp(servers, loads);
        Round best = round(servers, loads, seconds);
        for (int i = 1; i < ROUNDS; i++) {
            Round next = round(servers, loads, seconds);
            best = next.cpuMicros() < best.cpuMicros() ? next : best;
        }
        double micros = best.cpuMicros();
        double one = ofOne.computeIfAbsent(name, first -> micros) / micros;
        curves.computeIfAbsent(name, first -> new ArrayList<>()).add(new double[] {count, 100 * one});
        print("%-20s %26d %10.0f %9.1f %9.1f %9.2f%n", name, count, best.perSecond(), micros, best.database(), one);
    }

    /** It takes longer for more servers, because they compile on the core that they share. */
    private void warmUp(NodeServers servers, List<Load> loads) {
        for (int run = 0; run < WARM_UPS * loads.size(); run++) {
            round(servers, loads, WARM_UP_SECONDS);
        }
        Servers.settle();
    }

    private Round round(NodeServers servers, List<Load> loads, double length) {
        Duration before = servers.processorTime();
        Duration databaseBefore = postgres.processorTime();
        List<Load.Result> results = Future.all(loads.stream().map(load -> load.run(length)).toList()).map(all -> IntStream.range(0, loads.size())
            .mapToObj(all::<Load.Result>resultAt).toList()).toCompletionStage().toCompletableFuture().join();
        double answers = results.stream().mapToInt(Load.Result::answers).sum();
        return new Round(results.stream().mapToDouble(Load.Result::perSecond).sum(), micros(servers.processorTime().minus(before)) / answers,
            micros(postgres.processorTime().minus(databaseBefore)) / answers);
    }

    private static double micros(Duration time) {
        return time.toNanos() / 1e3;
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
