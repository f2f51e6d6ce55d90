package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.it.support.DpopClient;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Requests that each hold a proof of their own (RFC 9449). Signing costs the generator as much as verifying the server. */
final class DpopRequests implements Source {
    private final Queue<Buffer> made = new ArrayDeque<>();
    private final Supplier<Buffer> maker;

    private DpopRequests(Supplier<Buffer> maker) {
        this.maker = maker;
    }

    static DpopRequests clientCredentials(OAuthClient client) {
        ProofMaker key = new ProofMaker(Clock.systemUTC());
        return new DpopRequests(() -> RequestBytes.post(client.tokenUrl(), Http.FORM, "grant_type=client_credentials&scope=mcp%3Aread",
            Map.of("Authorization", OAuthClient.basic(client.id(), client.secret()), "DPoP", key.proof("POST", client.tokenUrl()))));
    }

    static DpopRequests toolCall(String mcp, OAuthClient client) {
        DpopClient holder = new DpopClient(client, new ProofMaker(Clock.systemUTC()));
        String token = holder.tokens(Journey.demo(client.issuer())).access();
        HttpResponse<String> opened = holder.call(mcp, token, McpSession.initializeRequest().encode(), Map.of());
        Map<String, String> headers = new HashMap<>(Map.of("Authorization", "DPoP " + token,
            "Mcp-Session-Id", opened.headers().firstValue("Mcp-Session-Id").orElseThrow(),
            "MCP-Protocol-Version", McpSession.VERSION, "Accept", "application/json, text/event-stream"));
        holder.call(mcp, token, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
            Map.of("Mcp-Session-Id", headers.get("Mcp-Session-Id"), "MCP-Protocol-Version", McpSession.VERSION));
        JsonObject body = new JsonObject().put("jsonrpc", "2.0").put("method", "tools/call")
            .put("params", new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject()));
        AtomicInteger id = new AtomicInteger();
        return new DpopRequests(() -> {
            headers.put("DPoP", holder.key().proof("POST", mcp, token, null));
            return RequestBytes.post(mcp, Http.JSON, body.put("id", id.incrementAndGet()).encode(), headers);
        });
    }

    /** Those left over are dropped, since a proof ages. */
    @Override
    public void prepare(int count) {
        made.clear();
        for (int i = 0; i < count; i++) {
            made.add(maker.get());
        }
    }

    @Override
    public Buffer next() {
        Buffer ready = made.poll();
        return ready == null ? maker.get() : ready;
    }
}
