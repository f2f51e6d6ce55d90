package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs {@code ./gatehouse bench soak}: all kinds of requests at a moderate rate, in rounds with new tokens, sessions and streams. What each server
 * uses is measured after each round, and must not grow. Tokens and grants live for some rounds only, so that the store removes as many as it adds.
 * The store of audit events is off, because it keeps them for a year.
 */
final class Soak {
    private static final double ROUNDS = 24;
    private static final double SHORTEST_ROUND = 5;
    private static final double LONGEST_ROUND = 60;
    private static final List<String> STORES = List.of("authz.db", "notes.db");
    private static final String USED_BYTES = """
        SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()
        """;
    private static final int SESSIONS = 100;
    private static final int CHURNED = 50;
    private static final int GRANTS = 10;
    private static final int TOKEN_SECONDS = 120;
    private static final int GRANT_SECONDS = 240;
    private static final double MEMORY = 0.05;
    private static final double NATIVE_MEMORY = 0.10;
    private static final double FILES = 0.10;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Patience patience = new Patience(vertx);
    private final Servers servers;
    private final OAuthClient client;
    private final List<Trend> trends = new ArrayList<>();

    private Soak(Servers servers) {
        this.servers = servers;
        client = OAuthClient.demo(servers.issuer());
        for (String server : List.of("authorization server", "MCP server")) {
            trends.addAll(List.of(new Trend(server + ", reachable", MEMORY), new Trend(server + ", resident", NATIVE_MEMORY),
                new Trend(server + ", descriptors", MEMORY), new Trend(server + ", threads", MEMORY)));
        }
        trends.add(new Trend("database", FILES));
    }

    /** Returns whether nothing has grown. */
    static boolean run(double minutes) throws IOException {
        JsonObject shortLived = new JsonObject()
            .put("tokens", new JsonObject().put("accessTokenSeconds", TOKEN_SECONDS).put("refreshTokenIdleSeconds", GRANT_SECONDS)
                .put("refreshTokenAbsoluteSeconds", GRANT_SECONDS))
            .put("purge", new JsonObject().put("intervalSeconds", 5))
            .put("audit", new JsonObject().put("store", new JsonObject().put("enabled", false)));
        try (Servers servers = new Servers(0, shortLived)) {
            Servers.stepAside();
            return new Soak(servers).hold(minutes * 60);
        }
    }

    private boolean hold(double seconds) {
        double round = Math.min(LONGEST_ROUND, Math.max(SHORTEST_ROUND, seconds / ROUNDS));
        long rounds = Math.max(3, Math.round(seconds / round));
        print("%d rounds of %.0f s: calls, introspection, tokens, code flows, refreshes, %d sessions and %d streams%n%n", rounds, round, SESSIONS, CHURNED);
        print("%8s | %38s | %38s | %8s%n", "", "authorization server", "MCP server", "database");
        print("%8s | %8s %9s %7s %7s   | %8s %9s %7s %7s   | %8s %7s %10s %9s%n", "minute", "live MB", "resident", "files", "threads",
            "live MB", "resident", "files", "threads", "MB", "logs MB", "requests/s", "p99 ms");
        long begun = System.nanoTime();
        for (long i = 1; i <= rounds; i++) {
            List<Load.Result> results = round(round);
            sample((System.nanoTime() - begun) / 60e9, results, i % Math.max(1, rounds / (long) ROUNDS) == 0);
        }
        return verdict();
    }

    private List<Load.Result> round(double seconds) {
        String token = patience.with(() -> Journey.demo(servers.issuer()).tokens(client).access());
        List<Load> loads = patience.with(() -> loads(token));
        Future<List<Load.Result>> results = Future.all(loads.stream().map(load -> load.run(seconds)).toList()).map(all -> all.<Load.Result>list());
        churn(token);
        return wait(results);
    }

    private List<Load> loads(String token) {
        return List.of(
            load(servers.mcpPort, RequestBytes.profile(RequestBytes.statelessToolCall(servers.mcp(), token)), 8, 40),
            load(servers.mcpPort, RequestBytes.profile(RequestBytes.toolCall(servers.mcp(), token)), 8, 40),
            load(servers.authzPort, RequestBytes.active(RequestBytes.introspection(client, List.of(token))), 8, 40),
            load(servers.authzPort, RequestBytes.issued(RequestBytes.clientCredentials(client, servers.mcp())), 4, 100),
            load(servers.authzPort, CodeRequests.flows(client), 2, 100),
            load(servers.authzPort, new RefreshRequests(client, GRANTS), 2, 100));
    }

    private Load load(int port, Source requests, int connections, long pauseMillis) {
        return new Load(vertx, port, patience.with(requests), connections, pauseMillis, servers.process(port));
    }

    /** Sessions, streams and a note that begin and end. */
    private void churn(String token) {
        List<McpSession> sessions = Stream.generate(() -> patience.with(() -> McpSession.open(servers.mcp(), token))).limit(SESSIONS).toList();
        Streams streams = new Streams(vertx, servers.mcpPort);
        List<Streams.Stream> open = sessions.stream().limit(CHURNED)
            .map(session -> patience.with(() -> wait(streams.open(RequestBytes.listen(servers.mcp(), token, session.id()))))).toList();
        patience.with(() -> sessions.get(0).tool("delete_secure_note", new JsonObject().put("note_id", note(sessions.get(0)))));
        open.forEach(Streams.Stream::close);
        sessions.forEach(session -> Http.send(Http.request(servers.mcp(), "Authorization", "Bearer " + token, "Mcp-Session-Id", session.id(),
            "MCP-Protocol-Version", McpSession.VERSION).DELETE()));
    }

    private static String note(McpSession session) {
        return session.tool("create_secure_note", new JsonObject().put("title", "soak").put("content", "x".repeat(1_000)))
            .getJsonObject("structuredContent").getString("note_id");
    }

    private void sample(double minute, List<Load.Result> results, boolean shown) {
        Footprint authz = Footprint.of(servers.process(servers.authzPort).pid());
        Footprint mcp = Footprint.of(servers.mcpPid());
        double database = databaseBytes();
        List<Double> figures = Stream.of(authz, mcp).flatMap(each -> Stream.of(each.live(), each.resident(), each.descriptors(), each.threads()))
            .map(Long::doubleValue).toList();
        for (int i = 0; i < figures.size(); i++) {
            trends.get(i).add(figures.get(i));
        }
        trends.get(figures.size()).add(database);
        if (shown) {
            print("%8.1f | %8.1f %9.1f %7d %7d   | %8.1f %9.1f %7d %7d   | %8.1f %7.1f %10.0f %9.1f%n", minute, authz.live() / 1e6, authz.resident() / 1e6,
                authz.descriptors(), authz.threads(), mcp.live() / 1e6, mcp.resident() / 1e6, mcp.descriptors(), mcp.threads(), database / 1e6, logBytes() / 1e6,
                results.stream().mapToDouble(Load.Result::perSecond).sum(), results.stream().mapToDouble(Load.Result::p99Millis).max().orElseThrow());
        }
    }

    /** The used pages of both stores. The files change later, when pages are copied from the write-ahead logs. */
    private double databaseBytes() {
        double bytes = 0;
        for (String file : STORES) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + servers.home.resolve("data").resolve(file));
                 Statement statement = connection.createStatement(); ResultSet used = statement.executeQuery(USED_BYTES)) {
                bytes += used.getDouble(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return bytes;
    }

    /** The write-ahead logs grow to their limit, and stay as long as that. */
    private double logBytes() {
        return STORES.stream().mapToDouble(file -> servers.home.resolve("data").resolve(file + "-wal").toFile().length()).sum();
    }

    private boolean verdict() {
        print("%n%-34s %9s%n", "the last third by the third before", "growth");
        trends.forEach(trend -> print("%-34s %9.3f %s%n", trend.name(), trend.growth(), trend.isFlat() ? "flat" : "GROWS"));
        boolean flat = trends.stream().allMatch(Trend::isFlat);
        print("%n%s; %d requests were repeated after 503%n", flat ? "flat" : "not flat", patience.refusals());
        return flat;
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
