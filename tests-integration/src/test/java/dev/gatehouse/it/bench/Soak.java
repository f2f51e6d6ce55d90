package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.ServerMemory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Runs {@code ./gatehouse bench soak}: many sessions and open streams for some minutes, beside steady calls of a tool.
 * Takes, optionally, the minutes.
 */
final class Soak {
    private static final int SESSIONS = 5_000;
    /** Half of them listen in sessions, half subscribe in the revision without. */
    private static final int STREAMS = 2_000;
    private static final int AT_ONCE = 50;
    private static final int CALLERS = 8;
    private static final long PAUSE_MILLIS = 10;
    private static final double WARM_UP_SECONDS = 40;
    private static final double REFERENCE_SECONDS = 30;
    private static final int SLOW_ROUNDS = 6;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Servers servers;
    private final String token;
    private final Load calls;
    private final Streams streams;

    private Soak(Servers servers) {
        this.servers = servers;
        token = Journey.demo(servers.issuer()).tokens(OAuthClient.demo(servers.issuer())).access();
        calls = new Load(vertx, servers.mcpPort, RequestBytes.statelessToolCall(servers.mcp(), token), CALLERS, PAUSE_MILLIS);
        streams = new Streams(vertx, servers.mcpPort);
    }

    static void run(double minutes) throws IOException {
        try (Servers servers = new Servers()) {
            servers.stepAside();
            new Soak(servers).hold(minutes);
        }
    }

    private void hold(double minutes) {
        print("%d callers of a tool, each resting %d ms between its calls%n%n", CALLERS, PAUSE_MILLIS);
        print("%-44s %10s %10s %9s %9s%n", "", "live heap", "resident", "p50 ms", "p99 ms");
        wait(calls.run(WARM_UP_SECONDS));
        Load.Result alone = wait(calls.run(REFERENCE_SECONDS));
        ServerMemory empty = told("nothing else", alone);
        List<String> sessions = sessions();
        ServerMemory full = told(SESSIONS + " sessions", null);
        open(sessions);
        ServerMemory streaming = told(STREAMS + " streams more", null);
        print("%d bytes a session, %d a stream%n", (full.live() - empty.live()) / SESSIONS, (streaming.live() - full.live()) / STREAMS);
        double worst = 0;
        for (int minute = 1; minute <= Math.ceil(minutes); minute++) {
            Load.Result busy = wait(calls.run(Math.min(60, minutes * 60)));
            worst = Math.max(worst, busy.p99Millis());
            told("minute " + minute, busy);
        }
        print("worst p99 of a minute %.2f times that without streams; %d of %d streams open, %d kept alive%n",
            worst / alone.p99Millis(), streams.open(), STREAMS, streams.heard());
        tellAll();
        cutOff();
    }

    private ServerMemory told(String what, Load.Result result) {
        ServerMemory memory = ServerMemory.of(servers.mcpPid());
        print("%-44s %7.1f MB %7.1f MB %9s %9s%n", what, memory.live() / 1e6, memory.resident() / 1e6,
            result == null ? "" : String.format(Locale.ROOT, "%.2f", result.medianMillis()),
            result == null ? "" : String.format(Locale.ROOT, "%.2f", result.p99Millis()));
        return memory;
    }

    private List<String> sessions() {
        List<String> sessions = new ArrayList<>();
        while (sessions.size() < SESSIONS) {
            List<CompletableFuture<HttpResponse<String>>> opening = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                opening.add(Http.postLater(servers.mcp(), Http.JSON, McpSession.initializeRequest().encode(),
                    "Authorization", "Bearer " + token, "Accept", "application/json, text/event-stream"));
            }
            opening.forEach(answer -> sessions.add(answer.join().headers().firstValue("Mcp-Session-Id").orElseThrow()));
        }
        return sessions;
    }

    private void open(List<String> sessions) {
        for (int i = 0; i < STREAMS; i += AT_ONCE) {
            List<Future<Streams.Stream>> opening = new ArrayList<>();
            for (int j = i; j < i + AT_ONCE; j++) {
                opening.add(streams.open(j % 2 == 0 ? RequestBytes.listen(servers.mcp(), token, sessions.get(j))
                    : RequestBytes.subscribe(servers.mcp(), token)));
            }
            wait(Future.all(opening));
        }
    }

    /** Every stream hears of a note that is made now. */
    private void tellAll() {
        McpSession.open(servers.mcp(), token).tool("create_secure_note", new JsonObject().put("title", "news").put("content", "of all"));
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (streams.told() < STREAMS && System.nanoTime() < deadline) {
            wait(vertx.timer(100).mapEmpty());
        }
        print("%d of %d streams were told of a new note%n", streams.told(), STREAMS);
    }

    /** A reader that does not read while its notes change is let go, and what waited for it with it. */
    private void cutOff() {
        OAuthClient client = OAuthClient.demo(servers.issuer());
        String own = clientsOwnToken(client);
        McpSession session = McpSession.open(servers.mcp(), own);
        String note = session.tool("create_secure_note", new JsonObject().put("title", "n").put("content", "c"))
            .getJsonObject("structuredContent").getString("note_id");
        Streams.Stream slow = wait(new Streams(vertx, servers.mcpPort, 4_096).open(RequestBytes.subscribe(servers.mcp(), own, "user://notes/" + note)));
        slow.pause();
        ServerMemory before = ServerMemory.of(servers.mcpPid());
        Load changes = new Load(vertx, servers.mcpPort, RequestBytes.update(servers.mcp(), own, note), servers.process(servers.mcpPort));
        long changed = 0;
        long most = 0;
        for (int round = 0; round < SLOW_ROUNDS; round++) {
            changed += (long) (wait(changes.run(5)).perSecond() * 5);
            most = Math.max(most, ServerMemory.of(servers.mcpPid()).live() - before.live());
        }
        // It still finds what the operating system has kept for it, and then the end, if there is one.
        slow.resume();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!slow.isClosed() && System.nanoTime() < deadline) {
            wait(vertx.timer(100).mapEmpty());
        }
        print("a reader that stopped reading for %d changes was %s after %.1f MB; it had cost the server %.1f MB at most%n", changed,
            slow.isClosed() ? "cut off" : "NOT cut off", slow.bytes() / 1e6, most / 1e6);
    }

    private String clientsOwnToken(OAuthClient client) {
        String body = Http.postLater(client.tokenUrl(), Http.FORM, "grant_type=client_credentials&scope=mcp%3Aread%20mcp%3Awrite&resource="
            + Http.encode(servers.mcp()), "Authorization", OAuthClient.basic(client.id(), client.secret())).join().body();
        return new JsonObject(body).getString("access_token");
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
