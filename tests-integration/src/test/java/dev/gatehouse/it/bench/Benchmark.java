package dev.gatehouse.it.bench;

import static dev.gatehouse.it.bench.RequestBytes.active;
import static dev.gatehouse.it.bench.RequestBytes.issued;
import static dev.gatehouse.it.bench.RequestBytes.ownProfile;
import static dev.gatehouse.it.bench.RequestBytes.profile;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Requests a second, as a ratio to a bare Vert.x route. Rounds of each workload alternate with rounds of the bare route, and a
 * ratio is that of their medians, so that the load of the machine affects both. The ratio of the best rounds is printed too, because other
 * load can only slow a round down.
 */
final class Benchmark {
    private static final int LIVE_TOKENS = 100_000;
    private static final double WARM_UP_SECONDS = 5;
    private static final int MOST_WARM_UPS = 10;
    private static final double STILL_RISING = 1.05;
    private static final int STDIO_STARTS = 9;
    private static final String UNAUDITED = "client_credentials, SQLite, no audit";
    private final int rounds;
    private final double seconds;
    private final String only;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Servers servers;
    private final OAuthClient client;
    private final Load bare;

    private Benchmark(int rounds, double seconds, String only, Servers servers) {
        this.only = only;
        this.rounds = rounds;
        this.seconds = seconds;
        this.servers = servers;
        client = OAuthClient.demo(servers.issuer());
        bare = new Load(vertx, servers.barePort, RequestBytes.bare(), servers.process(servers.barePort));
    }

    /** Measures what Gatehouse does: {@code rounds} of {@code seconds} each for every workload. */
    static void ofWorkloads(int rounds, double seconds, String only) throws IOException {
        measure(rounds, seconds, only, Benchmark::runWorkloads);
    }

    /** The same for a tool call here and at other MCP servers. */
    static void ofPeers(int rounds, double seconds, String only) throws IOException {
        measure(rounds, seconds, only, Benchmark::runPeers);
    }

    /** Calls of a tool without a policy and with policies of 100 rules. */
    static void ofPolicies(int rounds, double seconds, String only) throws IOException {
        measure(rounds, seconds, only, Benchmark::runPolicies);
    }

    /** Tokens that are stored before they are answered, of all grants, in both stores. */
    static void ofDurable(int rounds, double seconds, String only) throws IOException {
        measure(rounds, seconds, only, Benchmark::runDurable);
    }

    private interface Work {
        void of(Benchmark benchmark) throws IOException;
    }

    private static void measure(int rounds, double seconds, String only, Work work) throws IOException {
        try (Servers servers = new Servers()) {
            Servers.stepAside();
            Benchmark benchmark = new Benchmark(rounds, seconds, only, servers);
            benchmark.head();
            work.of(benchmark);
        }
    }

    private void head() {
        print("%d rounds of %.0f s each, 32 connections, servers %s%n%n", rounds, seconds,
            servers.pinned ? "on core 0, generator on core 1" : "and generator unpinned (no taskset, or one core)");
        print("%-38s %10s %9s %9s %9s %7s %7s %6s%n", "", "requests/s", "p50 ms", "p99 ms", "CPU µs", "ratio", "best", "aim");
        warmUp(bare);
    }

    /** Others beside ours in the same rounds. */
    private void runPeers() {
        Peers peers = new Peers(servers);
        String token = Journey.demo(servers.issuer()).tokens(client).access();
        Lines introspection = new Lines()
            .add("ours, introspection", () -> servers.authzPort, () -> active(RequestBytes.introspection(client, List.of(token))))
            .add("node-oidc-provider, introspection", peers::oidcProvider, peer -> active(peer.introspection()))
            .add("Spring, introspection", peers::spring, peer -> active(peer.introspection()))
            .add("Keycloak, introspection", peers::keycloak, peer -> active(peer.introspection()));
        Lines tokens = new Lines()
            .add("ours, client_credentials, durable", () -> servers.authzPort, () -> issued(RequestBytes.clientCredentials(client, servers.mcp())))
            .add("node-oidc-provider, client_credentials", peers::oidcProvider, peer -> issued(peer.token()))
            .add("Spring, client_credentials", peers::spring, peer -> issued(peer.token()))
            .add("Keycloak, client_credentials", peers::keycloak, peer -> issued(peer.token()));
        Lines calls = new Lines()
            .add("ours, tools/call, bearer token", () -> servers.mcpPort, () -> profile(RequestBytes.statelessToolCall(servers.mcp(), token)))
            .add("ours, tools/call in a session", () -> servers.mcpPort, () -> profile(RequestBytes.toolCall(servers.mcp(), token)))
            .add("our library, tools/call, open", peers::library, () -> profile(peers.libraryCall()))
            .add("our library, tools/call, session, open", peers::library, () -> profile(peers.librarySessionCall()))
            .add("Quarkus, tools/call, worker, open", peers::quarkus, () -> profile(peers.quarkusCall("get_user_profile_on_a_worker")))
            .add("Quarkus, tools/call, event loop, open", peers::quarkus, () -> profile(peers.quarkusCall("get_user_profile")))
            .add("TypeScript SDK, tools/call, constant", peers::typescript, () -> profile(peers.typescriptCall()))
            .add("Java SDK on Tomcat, tools/call, open", peers::servlet, () -> profile(peers.servletCall()));
        List<Lines> all = List.of(introspection, tokens, calls);
        List<Subject> subjects = all.stream().flatMap(lines -> lines.subjects.stream()).toList();
        compare(subjects);
        print("%n%-38s %10s %9s%n", "in multiples of the first line", "requests/s", "CPU µs");
        all.forEach(Lines::printRatios);
        openLoop(subjects);
    }

    /** Latencies at half of the rate that each has reached, without coordinated omission. */
    private void openLoop(List<Subject> subjects) {
        print("%n%-38s %10s %9s %9s%n", "on a schedule, at half of its rate", "requests/s", "p50 ms", "p99 ms");
        for (Subject subject : subjects) {
            Load.Result result = wait(subject.load.runAt(median(subject.results) / 2, seconds * 2).toCompletionStage().toCompletableFuture());
            print("%-38s %10.0f %9.2f %9.2f%n", subject.name, result.perSecond(), result.medianMillis(), result.p99Millis());
        }
    }

    private void runPolicies() {
        String token = Journey.demo(servers.issuer()).tokens(client).access();
        String mixed = PolicyServers.start(servers, "mixed", PolicyServers::mixedRule);
        String open = PolicyServers.start(servers, "arguments", PolicyServers::ruleOnArguments);
        compare(List.of(
            subject("tools/call, no policy", servers.mcpPort, profile(RequestBytes.statelessToolCall(servers.mcp(), token)), Double.NaN),
            subject("tools/call, 100 rules", PolicyServers.port(mixed), profile(RequestBytes.statelessToolCall(mixed, token)), Double.NaN),
            subject("tools/call, 100 rules on its arguments", PolicyServers.port(open), profile(RequestBytes.statelessToolCall(open, token)), Double.NaN)));
    }

    /** Workloads with many writes run last, because pending disk writes slow down the others. */
    private void runWorkloads() {
        if (selected("stdio start")) {
            print("%-38s %10.0f ms to the first answer, median of %d; aim 450%n", "stdio start",
                StdioStart.medianMillis(STDIO_STARTS, servers.issuer(), servers.onAllCores()), STDIO_STARTS);
        }
        String token = Journey.demo(servers.issuer()).tokens(client).access();
        String jwt = Journey.demo(servers.issuer()).tokens(client, "resource", servers.jwtResource()).access();
        against("introspection, hot token", servers.authzPort, active(RequestBytes.introspection(client, List.of(token))), 0.5);
        against("introspection, JWT", servers.authzPort, active(RequestBytes.introspection(client, List.of(jwt))), Double.NaN);
        against("tools/call, 2026-07-28, cached token", servers.mcpPort, profile(RequestBytes.statelessToolCall(servers.mcp(), token)), 0.35);
        against("tools/call, cached token", servers.mcpPort, profile(RequestBytes.toolCall(servers.mcp(), token)), 0.25);
        against("tools/call, JWT verified there", servers.mcpPort, ownProfile(RequestBytes.toolCall(servers.mcp(), jwt)), 0.25);
        against("tools/call, DPoP", servers.mcpPort, profile(DpopRequests.toolCall(servers.mcp(), client)), Double.NaN);
        against("client_credentials, DPoP", servers.authzPort, issued(DpopRequests.clientCredentials(client)), Double.NaN);
        against("client_credentials, signed JWT", servers.authzPort, issued(RequestBytes.clientCredentials(client, servers.jwtResource())), Double.NaN);
        if (selected("full code flow")) {
            codeFlows();
        }
        against("client_credentials, durable", servers.authzPort, issued(RequestBytes.clientCredentials(client, servers.mcp())), 0.15);
        if (selected("introspection, 100,000 live tokens")) {
            against("introspection, 100,000 live tokens", servers.authzPort, active(RequestBytes.introspection(client, liveTokens())), 0.5);
        }
    }

    private void runDurable() throws IOException {
        compare(Stream.concat(grants("SQLite", servers.issuer(), servers.authzPort).stream(), unaudited().stream()).toList());
        if (Postgres.isAvailable()) {
            try (Postgres postgres = Postgres.durable()) {
                String issuer = servers.authz("postgresql", new JsonObject().put("store", new JsonObject().put("url", postgres.createDatabase())));
                compare(grants("PostgreSQL", issuer, URI.create(issuer).getPort()));
            }
        }
    }

    /** The same without the audit trail, whose cost is the difference. */
    private List<Subject> unaudited() throws IOException {
        if (!selected(UNAUDITED)) {
            return List.of();
        }
        String issuer = servers.authz("unaudited", new JsonObject()
            .put("database", new JsonObject().put("file", servers.home.resolve("unaudited.db").toString()))
            .put("audit", new JsonObject().put("store", new JsonObject().put("enabled", false))));
        return List.of(subject(UNAUDITED, URI.create(issuer).getPort(), issued(RequestBytes.clientCredentials(OAuthClient.demo(issuer), servers.mcp())), Double.NaN));
    }

    private List<Subject> grants(String store, String issuer, int port) {
        OAuthClient of = OAuthClient.demo(issuer);
        return Stream.<Map.Entry<String, Supplier<Source>>>of(
            Map.entry("client_credentials, ", () -> issued(RequestBytes.clientCredentials(of, servers.mcp()))),
            Map.entry("refresh, ", () -> new RefreshRequests(of, 2 * Load.CONNECTIONS)),
            Map.entry("code redemption, ", () -> CodeRequests.redemptions(of)),
            Map.entry("code flow in a session, half of it, ", () -> CodeRequests.flows(of)))
            .filter(each -> selected(each.getKey() + store))
            .map(each -> subject(each.getKey() + store, port, each.getValue().get(), Double.NaN)).toList();
    }

    private void against(String name, int port, Source requests, double aim) {
        if (selected(name)) {
            compare(List.of(subject(name, port, requests, aim)));
        }
    }

    private boolean selected(String name) {
        return name.contains(only);
    }

    private Subject subject(String name, int port, Source requests, double aim) {
        return new Subject(name, new Load(vertx, port, requests, servers.process(port)), aim, new ArrayList<>());
    }

    /** All are warm before the first is measured, and each round has them all. */
    private void compare(List<Subject> subjects) {
        subjects.forEach(subject -> warmUp(subject.load));
        Servers.settle();
        List<Load.Result> limit = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            limit.add(wait(bare.run(seconds).toCompletionStage().toCompletableFuture()));
            for (Subject subject : subjects) {
                subject.results.add(wait(subject.load.run(seconds).toCompletionStage().toCompletableFuture()));
            }
        }
        line("  bare route beside", limit, Double.NaN, Double.NaN, Double.NaN);
        subjects.forEach(subject -> line(subject.name, subject.results, median(subject.results) / median(limit),
            best(subject.results) / best(limit), subject.aim));
    }

    /** Until the rate rises no more: a server on one core shares it with the compiler that makes it fast. */
    private void warmUp(Load load) {
        double best = 0;
        double rate = wait(load.run(WARM_UP_SECONDS).toCompletionStage().toCompletableFuture()).perSecond();
        for (int run = 1, still = 0; run < MOST_WARM_UPS && still < 2; run++) {
            still = rate > best * STILL_RISING ? 0 : still + 1;
            best = Math.max(best, rate);
            rate = wait(load.run(WARM_UP_SECONDS).toCompletionStage().toCompletableFuture()).perSecond();
        }
    }

    private void codeFlows() {
        CodeFlows.perSecond(servers.issuer(), seconds);
        double limit = wait(bare.run(seconds).toCompletionStage().toCompletableFuture()).perSecond();
        double flows = CodeFlows.perSecond(servers.issuer(), seconds * rounds);
        print("%-38s %10.1f %9s %9s %9s %7.5f%n", "full code flow (login, consent, token)", flows, "", "", "", flows / limit);
    }

    /** Issues them over HTTP, as clients get them. */
    private List<String> liveTokens() {
        String basic = OAuthClient.basic(client.id(), client.secret());
        List<String> tokens = new ArrayList<>();
        while (tokens.size() < LIVE_TOKENS) {
            IntStream.range(0, 500).mapToObj(i -> Http.postLater(client.tokenUrl(), Http.FORM,
                    "grant_type=client_credentials", "Authorization", basic)).toList()
                .forEach(answer -> tokens.add(new JsonObject(wait(answer).body()).getString("access_token")));
        }
        return tokens;
    }

    private static double median(List<Load.Result> results) {
        double[] rates = results.stream().mapToDouble(Load.Result::perSecond).sorted().toArray();
        return rates[rates.length / 2];
    }

    private static double cpuMicros(List<Load.Result> results) {
        double[] cpu = results.stream().mapToDouble(Load.Result::cpuMicros).sorted().toArray();
        return cpu[cpu.length / 2];
    }

    /** Of the round that others on the machine were in the way of least. */
    private static double best(List<Load.Result> results) {
        return results.stream().mapToDouble(Load.Result::perSecond).max().orElseThrow();
    }

    private static void line(String name, List<Load.Result> results, double ratio, double best, double aim) {
        double[] medians = results.stream().mapToDouble(Load.Result::medianMillis).sorted().toArray();
        double[] tails = results.stream().mapToDouble(Load.Result::p99Millis).sorted().toArray();
        print("%-38s %10.0f %9.2f %9.2f %9.1f %7s %7s %6s%n", name, median(results), medians[medians.length / 2],
            tails[tails.length / 2], cpuMicros(results), decimals(ratio), decimals(best), Double.isNaN(aim) ? "" : String.valueOf(aim));
    }

    private static String decimals(double ratio) {
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%.3f", ratio);
    }

    private static <T> T wait(CompletableFuture<T> future) {
        return future.join();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }

    private record Subject(String name, Load load, double aim, List<Load.Result> results) {
    }

    /** The selected lines of one kind of request. The server of a line starts when the line is added. */
    private final class Lines {
        private final List<Subject> subjects = new ArrayList<>();

        Lines add(String name, IntSupplier port, Supplier<Source> requests) {
            if (selected(name)) {
                subjects.add(subject(name, port.getAsInt(), requests.get(), Double.NaN));
            }
            return this;
        }

        Lines add(String name, Supplier<AuthorizationPeer> server, Function<AuthorizationPeer, Source> requests) {
            return add(name, () -> server.get().port(), () -> requests.apply(server.get()));
        }

        void printRatios() {
            for (Subject subject : subjects) {
                List<Load.Result> first = subjects.get(0).results;
                print("%-38s %10s %9s%n", subject.name, decimals(median(subject.results) / median(first)),
                    decimals(cpuMicros(subject.results) / cpuMicros(first)));
            }
        }
    }
}
