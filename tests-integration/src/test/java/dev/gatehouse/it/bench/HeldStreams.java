package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Runs {@code ./gatehouse bench streams}: sessions, and as many open streams, each with a token of its own, for some minutes. Every request of the
 * MCP server to the authorization server passes through this process, which counts them.
 */
final class HeldStreams {
    private static final int AT_ONCE = 50;
    private static final long SAMPLE_SECONDS = 15;
    private static final double WARM_UP_SECONDS = 10;
    private static final String QUESTION = "POST /oauth/introspect ";
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Patience patience = new Patience(vertx);
    private long questions;

    static void run(int count, double minutes) throws IOException {
        HeldStreams held = new HeldStreams();
        int issuerPort = Ports.free();
        try (Servers servers = new Servers(issuerPort, new JsonObject())) {
            held.count(issuerPort, servers.authzPort);
            Servers.stepAside();
            held.hold(servers, count, minutes);
        }
    }

    /** Lets through what comes, and counts. */
    private void count(int port, int authzPort) {
        NetClient client = vertx.createNetClient();
        wait(vertx.createNetServer().connectHandler(caller -> {
            caller.pause();
            client.connect(authzPort, "localhost").onSuccess(server -> {
                pipe(caller, server, true);
                pipe(server, caller, false);
                caller.resume();
            }).onFailure(refused -> caller.close());
        }).listen(port, "localhost"));
    }

    private void pipe(NetSocket from, NetSocket to, boolean counted) {
        from.handler(piece -> {
            if (counted && startsQuestion(piece)) {
                questions++;
            }
            to.write(piece);
        });
        from.closeHandler(gone -> to.close());
    }

    private static boolean startsQuestion(Buffer piece) {
        return piece.length() > QUESTION.length() && piece.getString(0, QUESTION.length(), "ISO-8859-1").equals(QUESTION);
    }

    private void hold(Servers servers, int count, double minutes) {
        print("%-28s %9s %9s %11s %8s%n", "the MCP server", "live MB", "resident", "descriptors", "threads");
        warmUp(servers);
        Footprint empty = told(servers, "before");
        openSessions(servers, count);
        Footprint full = told(servers, count + " sessions");
        List<String> tokens = tokens(servers, count);
        Streams streams = new Streams(vertx, servers.mcpPort);
        for (int i = 0; i < count; i += AT_ONCE) {
            List<Future<Streams.Stream>> opening = new ArrayList<>();
            tokens.subList(i, Math.min(count, i + AT_ONCE))
                .forEach(token -> opening.add(patience.later(() -> streams.open(RequestBytes.subscribe(servers.mcp(), token)))));
            wait(Future.all(opening));
        }
        Footprint streaming = told(servers, count + " streams, as many tokens");
        each("session", empty, full, count);
        each("stream with its token", full, streaming, count);
        watch(streams, count, minutes);
        tellAll(servers, streams, count);
        SlowReader.measure(vertx, servers);
    }

    /** A server that has served requests has its classes and its compiled code. */
    private void warmUp(Servers servers) {
        String token = userToken(servers);
        Source calls = patience.with(() -> RequestBytes.toolCall(servers.mcp(), token));
        wait(new Load(vertx, servers.mcpPort, patience.with(calls), servers.process(servers.mcpPort)).run(WARM_UP_SECONDS));
        openSessions(servers, AT_ONCE);
    }

    private static String userToken(Servers servers) {
        return Journey.demo(servers.issuer()).tokens(OAuthClient.demo(servers.issuer())).access();
    }

    private void watch(Streams streams, int count, double minutes) {
        print("%n%d streams open; %d questions so far%n%n%10s %10s %22s%n", streams.open(), asked(), "seconds", "open", "questions a second");
        long before = asked();
        long first = before;
        long samples = Math.max(1, Math.round(minutes * 60 / SAMPLE_SECONDS));
        for (long sample = 1; sample <= samples; sample++) {
            wait(vertx.timer(SAMPLE_SECONDS * 1000).mapEmpty());
            long now = asked();
            print("%10d %10d %22.1f%n", sample * SAMPLE_SECONDS, streams.open(), (now - before) / (double) SAMPLE_SECONDS);
            before = now;
        }
        print("%n%d of %d streams open, %d kept alive; %.1f questions a second%n", streams.open(), count, streams.heard(),
            (before - first) / (samples * (double) SAMPLE_SECONDS));
    }

    private static Footprint told(Servers servers, String what) {
        Footprint footprint = Footprint.of(servers.mcpPid());
        print("%-28s %9.1f %9.1f %11d %8d%n", what, footprint.live() / 1e6, footprint.resident() / 1e6, footprint.descriptors(), footprint.threads());
        return footprint;
    }

    private static void each(String what, Footprint before, Footprint after, int count) {
        print("a %s takes %,d bytes of reachable objects, %,d of resident memory and %.2f descriptors%n", what, (after.live() - before.live()) / count,
            (after.resident() - before.resident()) / count, (after.descriptors() - before.descriptors()) / (double) count);
    }

    /** All sessions belong to one user. */
    private void openSessions(Servers servers, int count) {
        String token = userToken(servers);
        for (int opened = 0; opened < count; opened += AT_ONCE) {
            List<CompletableFuture<HttpResponse<String>>> opening = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                opening.add(Http.postLater(servers.mcp(), Http.JSON, McpSession.initializeRequest().encode(),
                    "Authorization", "Bearer " + token, "Accept", "application/json, text/event-stream"));
            }
            opening.forEach(answer -> answer.join().headers().firstValue("Mcp-Session-Id")
                .orElseGet(() -> patience.with(() -> McpSession.open(servers.mcp(), token)).id()));
        }
    }

    /** A note that is made now changes the list of resources of the client, which all streams have subscribed to. */
    private void tellAll(Servers servers, Streams streams, int count) {
        String token = SlowReader.tokenOf(OAuthClient.demo(servers.issuer()), servers.mcp());
        long told = streams.told();
        McpSession.open(servers.mcp(), token).tool("create_secure_note", new JsonObject().put("title", "news").put("content", "of all"));
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (streams.told() - told < count && System.nanoTime() < deadline) {
            wait(vertx.timer(100).mapEmpty());
        }
        print("%d of %d streams got the notice of a new note%n", streams.told() - told, count);
    }

    private long asked() {
        return wait(Future.<Long>future(promise -> vertx.runOnContext(go -> promise.complete(questions))));
    }

    private static List<String> tokens(Servers servers, int count) {
        OAuthClient client = OAuthClient.demo(servers.issuer());
        String body = "grant_type=client_credentials&scope=mcp%3Aread&resource=" + Http.encode(servers.mcp());
        List<String> tokens = new ArrayList<>();
        while (tokens.size() < count) {
            List<CompletableFuture<HttpResponse<String>>> asking = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                asking.add(Http.postLater(client.tokenUrl(), Http.FORM, body, "Authorization", OAuthClient.basic(client.id(), client.secret())));
            }
            asking.forEach(answer -> tokens.add(new JsonObject(answer.join().body()).getString("access_token")));
        }
        return tokens.subList(0, count);
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
