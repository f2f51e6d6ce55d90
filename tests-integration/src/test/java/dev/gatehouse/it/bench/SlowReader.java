package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.ServerMemory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.util.Locale;

/** A client that stops reading its stream while the resource that it has subscribed to changes. */
final class SlowReader {
    private static final int ROUNDS = 6;
    private static final int BUFFER = 4_096;

    private SlowReader() {
    }

    /** Prints whether the server closes the stream, and the memory that the stream takes until then. */
    static void measure(Vertx vertx, Servers servers) {
        OAuthClient client = OAuthClient.demo(servers.issuer());
        String own = tokenOf(client, servers.mcp());
        McpSession session = McpSession.open(servers.mcp(), own);
        String note = session.tool("create_secure_note", new JsonObject().put("title", "n").put("content", "c"))
            .getJsonObject("structuredContent").getString("note_id");
        Streams.Stream slow = wait(new Streams(vertx, servers.mcpPort, BUFFER).open(RequestBytes.subscribe(servers.mcp(), own, "user://notes/" + note)));
        slow.pause();
        ServerMemory before = ServerMemory.of(servers.mcpPid());
        Load changes = new Load(vertx, servers.mcpPort, RequestBytes.update(servers.mcp(), own, note), servers.process(servers.mcpPort));
        long changed = 0;
        long most = 0;
        for (int round = 0; round < ROUNDS; round++) {
            changed += wait(changes.run(5)).answers();
            most = Math.max(most, ServerMemory.of(servers.mcpPid()).live() - before.live());
        }
        // The stream still has what the operating system keeps for it, and then its end.
        slow.resume();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!slow.isClosed() && System.nanoTime() < deadline) {
            wait(vertx.timer(100).mapEmpty());
        }
        System.out.printf(Locale.ROOT, "a reader that stopped reading for %d changes was %s after %.1f MB; the server kept %.1f MB for it at most%n", changed,
            slow.isClosed() ? "cut off" : "NOT cut off", slow.bytes() / 1e6, most / 1e6);
    }

    /** A token of the client itself, which may write. */
    static String tokenOf(OAuthClient client, String resource) {
        String body = Http.postLater(client.tokenUrl(), Http.FORM, "grant_type=client_credentials&scope=mcp%3Aread%20mcp%3Awrite&resource="
            + Http.encode(resource), "Authorization", OAuthClient.basic(client.id(), client.secret())).join().body();
        return new JsonObject(body).getString("access_token");
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
