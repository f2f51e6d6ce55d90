package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The bytes that the generator sends, made beforehand. */
final class RequestBytes {
    private static final JsonObject META = new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
        .put("io.modelcontextprotocol/clientCapabilities", new JsonObject())
        .put("io.modelcontextprotocol/clientInfo", new JsonObject().put("name", "benchmark").put("version", "1"));

    private static final int SESSION_IDS = 1_000;

    private RequestBytes() {
    }

    static Source bare() {
        return constant(post("http://localhost/", Http.FORM, "token=gha_0123456789012345678901234567890123456789012", Map.of()));
    }

    /** @param basic the credentials of the caller, as the value of the header */
    static Buffer introspection(String issuer, String basic, String token) {
        return post(issuer + "/oauth/introspect", Http.FORM, "token=" + token, Map.of("Authorization", basic));
    }

    static Source introspection(OAuthClient client, List<String> tokens) {
        String basic = OAuthClient.basic(client.id(), client.secret());
        List<Buffer> all = tokens.stream().map(token -> introspection(client.issuer(), basic, token)).toList();
        return () -> all.get(ThreadLocalRandom.current().nextInt(all.size()));
    }

    static Source clientCredentials(OAuthClient client, String resource) {
        return constant(clientCredentials(client.tokenUrl(), OAuthClient.basic(client.id(), client.secret()), resource));
    }

    static Buffer clientCredentials(String tokenUrl, String basic, String resource) {
        return post(tokenUrl, Http.FORM, "grant_type=client_credentials&scope=mcp%3Aread&resource=" + Http.encode(resource), Map.of("Authorization", basic));
    }

    /** In a session, where two requests that run at once must have different ids. */
    static Source toolCall(String mcp, String token) {
        McpSession session = McpSession.open(mcp, token);
        List<Buffer> all = IntStream.range(0, SESSION_IDS).mapToObj(i -> session.request("tools/call", new JsonObject().put("name", "get_user_profile")
            .put("arguments", new JsonObject())).encode()).map(body -> post(mcp, Http.JSON, body, Map.of("Authorization", "Bearer " + token, "Mcp-Session-Id", session.id(),
            "MCP-Protocol-Version", McpSession.VERSION, "Accept", "application/json, text/event-stream"))).toList();
        return new Source() {
            private int sent;

            @Override
            public Buffer next() {
                return all.get(sent++ % SESSION_IDS);
            }
        };
    }

    /** Of revision 2026-07-28, which has no sessions. */
    static Source statelessToolCall(String mcp, String token) {
        return statelessCall(mcp, token, "get_user_profile", new JsonObject());
    }

    /** @param token null where none is asked for */
    private static Source statelessCall(String mcp, String token, String tool, JsonObject arguments) {
        String body = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", arguments).put("_meta", META)).encode();
        Map<String, String> headers = new HashMap<>(Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", tool,
            "Accept", "application/json, text/event-stream"));
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        return constant(post(mcp, Http.JSON, body, headers));
    }

    /** The listening stream of a session. */
    static Buffer listen(String mcp, String token, String session) {
        URI uri = URI.create(mcp);
        return Buffer.buffer("GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nAuthorization: Bearer " + token
            + "\r\nMcp-Session-Id: " + session + "\r\nMCP-Protocol-Version: " + McpSession.VERSION + "\r\nAccept: text/event-stream\r\n\r\n");
    }

    /** A subscription of the revision without sessions, to the list of resources and one of them. */
    static Buffer subscribe(String mcp, String token, String... uris) {
        JsonObject params = new JsonObject().put("_meta", META).put("notifications", new JsonObject().put("resourcesListChanged", true)
            .put("resourceSubscriptions", new JsonArray(List.of(uris))));
        return post(mcp, Http.JSON, new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "subscriptions/listen")
            .put("params", params).encode(), Map.of("Authorization", "Bearer " + token, "MCP-Protocol-Version", "2026-07-28",
            "Mcp-Method", "subscriptions/listen", "Accept", "application/json, text/event-stream"));
    }

    /** Changes a note again and again. */
    static Source update(String mcp, String token, String note) {
        return statelessCall(mcp, token, "update_secure_note", new JsonObject().put("note_id", note).put("title", "changed"));
    }

    /** These requests, whose answers must contain a text: an error can have the status of success. */
    static Source expecting(String text, Source requests) {
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        return requests.accepting(answer -> requests.accepts(answer) && HttpAnswer.contains(answer, expected));
    }

    /** Introspection, whose answers must be of active tokens. */
    static Source active(Source introspection) {
        return expecting("\"active\":true", introspection);
    }

    /** Requests for tokens, whose answers must have one. */
    static Source issued(Source token) {
        return expecting("\"access_token\":", token);
    }

    /** Calls of the profile tool, whose answers must name the demo user. */
    static Source profile(Source call) {
        return expecting("testuser", call);
    }

    /** The same with a token that does not tell the name of its user. */
    static Source ownProfile(Source call) {
        return expecting("\"permissions\":", call);
    }

    static Source constant(Buffer request) {
        return () -> request;
    }

    static Buffer post(String url, String type, String body, Map<String, String> headers) {
        URI uri = URI.create(url);
        StringBuilder head = new StringBuilder("POST ").append(uri.getPath()).append(" HTTP/1.1\r\nHost: ")
            .append(uri.getAuthority()).append("\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Type: ").append(type).append("\r\nContent-Length: ").append(body.length())
            .append("\r\n\r\n");
        return Buffer.buffer(head + body);
    }
}
