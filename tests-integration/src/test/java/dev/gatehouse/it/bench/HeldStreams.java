package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Runs {@code ./gatehouse bench streams}: open streams, each with its own token, for some minutes. Every request of the MCP server to the
 * authorization server passes through this process, which counts them.
 */
final class HeldStreams {
    private static final int AT_ONCE = 50;
    private static final long SAMPLE_SECONDS = 15;
    private static final String QUESTION = "POST /oauth/introspect ";
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private long questions;

    static void run(int count, double minutes) throws IOException {
        HeldStreams held = new HeldStreams();
        int issuerPort = Ports.free();
        try (Servers servers = new Servers(issuerPort)) {
            held.count(issuerPort, servers.authzPort);
            servers.stepAside();
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
        List<String> tokens = tokens(servers, count);
        print("%d tokens, of which %d differ%n", tokens.size(), new HashSet<>(tokens).size());
        Streams streams = new Streams(vertx, servers.mcpPort);
        for (int i = 0; i < count; i += AT_ONCE) {
            List<Future<Streams.Stream>> opening = new ArrayList<>();
            tokens.subList(i, Math.min(count, i + AT_ONCE)).forEach(token -> opening.add(streams.open(RequestBytes.subscribe(servers.mcp(), token))));
            wait(Future.all(opening));
        }
        print("%d streams open; %d questions so far%n%n%10s %10s %22s%n", streams.open(), asked(), "seconds", "open", "questions a second");
        long before = asked();
        long first = before;
        long samples = Math.round(minutes * 60 / SAMPLE_SECONDS);
        for (long sample = 1; sample <= samples; sample++) {
            wait(vertx.timer(SAMPLE_SECONDS * 1000).mapEmpty());
            long now = asked();
            print("%10d %10d %22.1f%n", sample * SAMPLE_SECONDS, streams.open(), (now - before) / (double) SAMPLE_SECONDS);
            before = now;
        }
        print("%n%d of %d streams open, %d kept alive; %.1f questions a second%n", streams.open(), count, streams.heard(),
            (before - first) / (samples * (double) SAMPLE_SECONDS));
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
