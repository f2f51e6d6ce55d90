package dev.gatehouse.it.bench;

import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/** The request rate of a server in each of the seconds after its start, as shares of the rate that it reaches. Each workload has new servers. */
final class FirstSeconds {
    private static final int SECONDS = 15;
    private static final int SHOWN = 8;

    private FirstSeconds() {
    }

    static void run() throws IOException {
        ServerStarts.run();
        System.out.println();
        System.out.printf("%-38s %8s  rate in each second, in %% of the final rate%n", "", "final/s");
        measure("introspection", servers -> servers.authzPort,
            (servers, client) -> RequestBytes.introspection(client, List.of(token(client))));
        measure("client_credentials, durable", servers -> servers.authzPort,
            (servers, client) -> RequestBytes.clientCredentials(client, servers.mcp()));
        measure("tools/call, 2026-07-28", servers -> servers.mcpPort,
            (servers, client) -> RequestBytes.statelessToolCall(servers.mcp(), token(client)));
    }

    private static String token(OAuthClient client) {
        return new JsonObject(client.clientCredentials().body()).getString("access_token");
    }

    private static void measure(String name, ToIntFunction<Servers> port, BiFunction<Servers, OAuthClient, Source> requests) throws IOException {
        Vertx vertx = Vertx.vertx();
        try (Servers servers = new Servers()) {
            Servers.stepAside();
            int listens = port.applyAsInt(servers);
            Load load = new Load(vertx, listens, requests.apply(servers, OAuthClient.demo(servers.issuer())), servers.process(listens));
            List<Double> rates = new ArrayList<>();
            for (int second = 0; second < SECONDS; second++) {
                rates.add(load.run(1).toCompletionStage().toCompletableFuture().join().perSecond());
            }
            double reached = rates.subList(SECONDS - 3, SECONDS).stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-38s %8.0f ", name, reached));
            rates.subList(0, SHOWN).forEach(rate -> line.append(String.format(Locale.ROOT, " %3.0f", 100 * rate / reached)));
            System.out.println(line);
        } finally {
            vertx.close();
        }
    }
}
