package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Writes notes of one client by calls of the MCP servers, and spends the quota of another one. */
final class NoteWriter {

    private static final JsonObject META = new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
        .put("io.modelcontextprotocol/clientCapabilities", new JsonObject())
        .put("io.modelcontextprotocol/clientInfo", new JsonObject().put("name", "chaos").put("version", "1"));
    /** The rest of the quota is for the check after the round, and for calls that get no answer. */
    private static final int WRITES = Installation.QUOTA / 2;
    private static final int TITLE_TOO_LONG = 300;
    private final Installation installation;
    private final Ledger ledger;
    private final AtomicInteger spent = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private volatile String writer;
    private volatile String spender;

    NoteWriter(Installation installation, Ledger ledger) {
        this.installation = installation;
        this.ledger = ledger;
        spender = newToken();
    }

    /** Begins a round with a client that has no notes. */
    void begin() {
        writer = newToken();
        writes.set(0);
        if (refusals.getAndSet(0) > 0) {
            spender = newToken();
            spent.set(0);
        }
    }

    private String newToken() {
        OAuthClient client = installation.register("client_credentials");
        HttpResponse<String> response = client.clientCredentials("scope", OAuthClient.SCOPES);
        if (response.statusCode() != 200) {
            throw new IllegalStateException("No token: " + response.body());
        }
        return Tokens.of(response.body()).access();
    }

    void write(Random random) {
        Node node = installation.mcpServers().get(random.nextInt(installation.mcpServers().size()));
        if (random.nextInt(4) == 0) {
            spend(node);
            return;
        }
        if (writes.incrementAndGet() > WRITES) {
            return;
        }
        boolean acceptable = random.nextInt(8) > 0;
        String title = "note " + Pkce.random().substring(0, 16) + (acceptable ? "" : "x".repeat(TITLE_TOO_LONG));
        ledger.note(title, Ledger.NoteAnswer.NONE);
        JsonObject result = call(node, writer, "create_secure_note", new JsonObject().put("title", title).put("content", "of " + title));
        if (!result.getBoolean("isError", false)) {
            ledger.note(title, Ledger.NoteAnswer.CREATED);
        } else if (!acceptable) {
            ledger.note(title, Ledger.NoteAnswer.REFUSED);
        }
    }

    private void spend(Node node) {
        JsonObject result = call(node, spender, "get_user_profile", new JsonObject());
        if (result.getBoolean("isError", false)) {
            refusals.incrementAndGet();
        } else if (spent.incrementAndGet() > Installation.QUOTA) {
            ledger.doubled("the quota of " + Installation.QUOTA + " calls was exceeded");
        }
    }

    /** Compares the notes that every MCP server lists with the answers. */
    void check() {
        for (Node node : installation.mcpServers()) {
            Map<String, Long> listed = call(node, writer, "list_secure_notes", new JsonObject()).getJsonObject("structuredContent")
                .getJsonArray("notes").stream().collect(Collectors.groupingBy(note -> ((JsonObject) note).getString("title"), Collectors.counting()));
            ledger.notes().forEach((title, answer) -> {
                long times = listed.getOrDefault(title, 0L);
                if (times > 1) {
                    ledger.doubled("a note exists " + times + " times");
                } else if (times == 0 && answer == Ledger.NoteAnswer.CREATED) {
                    ledger.lost("a note that was created is not listed by " + node);
                } else if (times > 0 && answer == Ledger.NoteAnswer.REFUSED) {
                    ledger.doubled("a note that was refused is listed by " + node);
                }
            });
            List<String> unknown = listed.keySet().stream().filter(title -> !ledger.notes().containsKey(title)).toList();
            unknown.forEach(title -> ledger.doubled("a note that was not asked for is listed by " + node));
        }
    }

    /** Returns the result of a tool; fails if the server gives none. */
    private JsonObject call(Node node, String token, String tool, JsonObject arguments) {
        JsonObject request = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", arguments).put("_meta", META));
        HttpResponse<String> response = Http.send(McpSession.message(node.origin() + "/mcp", token, request.encode())
            .header("MCP-Protocol-Version", "2026-07-28").header("Mcp-Method", "tools/call").header("Mcp-Name", tool));
        if (response.statusCode() == 401) {
            ledger.lost("the token of a client was refused by " + node + ": " + response.body());
        } else if (response.statusCode() >= 500 && response.statusCode() != 503) {
            ledger.broken(node + " " + response.statusCode() + " " + response.body());
        }
        JsonObject result = response.statusCode() == 200 ? McpSession.answer(response).getJsonObject("result") : null;
        if (result == null) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return result;
    }
}
