package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Error messages quote at most the beginning of what a client sent, and escape what cannot be seen. */
@Gatehouse
final class QuotedNamesIT {
    private static final String LONG = "x".repeat(100_000);
    private static final String HIDDEN = "a\u202Egnp\u200B\u001B[2J\u2066b\u0007";
    private static final int QUOTED = 201;
    private final RunningGatehouse gatehouse;

    QuotedNamesIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    static List<String> names() {
        return List.of(LONG, HIDDEN);
    }

    /** A request to the MCP server that has the name in one place. */
    private record Call(String method, JsonObject params, String headerName) {
    }

    private static List<Call> calls(String name) {
        JsonObject named = new JsonObject().put("name", name);
        JsonObject reference = new JsonObject().put("type", "ref/prompt").put("name", name);
        JsonObject argument = new JsonObject().put("name", name).put("value", name);
        return List.of(
            new Call(name, new JsonObject(), null),
            new Call("tools/call", named.copy().put("arguments", new JsonObject()), name),
            new Call("tools/call", new JsonObject().put("name", "create_secure_note").put("arguments", new JsonObject().put(name.substring(0, Math.min(name.length(), 30_000)), name)), "create_secure_note"),
            new Call("tools/call", new JsonObject().put("name", "get_secure_note").put("arguments", new JsonObject().put("note_id", name)), "get_secure_note"),
            new Call("tools/call", new JsonObject().put("name", "list_secure_notes").put("arguments", new JsonObject().put("cursor", name)), "list_secure_notes"),
            new Call("resources/read", new JsonObject().put("uri", name), name),
            new Call("resources/read", new JsonObject().put("uri", "note://" + name), "note://" + name),
            new Call("prompts/get", named, name),
            new Call("completion/complete", new JsonObject().put("ref", reference).put("argument", argument), null),
            new Call("completion/complete", new JsonObject().put("ref", new JsonObject().put("type", name)).put("argument", argument), null),
            new Call("logging/setLevel", new JsonObject().put("level", name), null),
            new Call("tools/list", new JsonObject().put("cursor", name), null),
            new Call("tasks/get", new JsonObject().put("taskId", name), null));
    }

    @ParameterizedTest
    @MethodSource("names")
    void mcpServerQuotesNoMoreThanTheBeginningInSessions(String name) {
        McpSession session = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        for (Call call : calls(name)) {
            requireBounded(call.method().equals(name) ? "method" : call.method(), name, session.send(call.method(), call.params()));
        }
        HttpRequest.Builder unknownSession = McpSession.message(gatehouse.mcp(), gatehouse.tokens().access(), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
        requireBounded("session", "x", Http.send(unknownSession.header("Mcp-Session-Id", "x".repeat(4_000))));
    }

    @ParameterizedTest
    @MethodSource("names")
    void mcpServerQuotesNoMoreThanTheBeginningWithoutSessions(String name) {
        String token = gatehouse.tokens().access();
        for (Call call : calls(name)) {
            requireBounded(call.method().equals(name) ? "method" : call.method(), name, stateless(token, call, "2026-07-28"));
        }
        requireBounded("version", name, stateless(token, new Call("tools/list", new JsonObject(), null), name));
    }

    /** Names that do not fit into a header are sent without it; the body is checked as well. */
    private HttpResponse<String> stateless(String token, Call call, String version) {
        JsonObject meta = new JsonObject().put("io.modelcontextprotocol/protocolVersion", version)
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject());
        String body = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", call.method())
            .put("params", call.params().copy().put("_meta", meta)).encode();
        HttpRequest.Builder request = McpSession.message(gatehouse.mcp(), token, body);
        addHeader(request, "MCP-Protocol-Version", version);
        addHeader(request, "Mcp-Method", call.method());
        if (call.headerName() != null) {
            addHeader(request, "Mcp-Name", call.headerName().equals(HIDDEN) ? inBase64(HIDDEN) : call.headerName());
        }
        return Http.send(request);
    }

    private static void addHeader(HttpRequest.Builder request, String header, String value) {
        if (value.length() < 4_000 && value.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
            request.header(header, value);
        }
    }

    private static String inBase64(String value) {
        return "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    @ParameterizedTest
    @MethodSource("names")
    void authorizationServerQuotesNoMoreThanTheBeginning(String name) {
        String sent = name.equals(LONG) ? "x".repeat(6_000) : name;
        String issuer = gatehouse.issuer();
        String client = gatehouse.publicClient().id();
        for (String member : List.of("grant_type", "client_id", "scope", "resource", "code", "redirect_uri", "client_assertion_type", sent)) {
            Map<String, String> form = new HashMap<>(Map.of("grant_type", "authorization_code", "client_id", client, "code", "none",
                "redirect_uri", "http://127.0.0.1/callback", "code_verifier", "v".repeat(43)));
            form.put(member, sent);
            requireBounded("token " + member, sent, Http.postForm(issuer + "/oauth/token", form));
            String twice = Http.encode(form) + "&" + Http.encode(member) + "=2";
            requireBounded("token twice", sent, Http.post(issuer + "/oauth/token", Http.FORM, twice));
        }
        for (String member : List.of("response_type", "scope", "resource", "redirect_uri", "client_id", "prompt", "response_mode", "code_challenge_method", sent)) {
            Map<String, String> form = new HashMap<>(Map.of("response_type", "code", "client_id", client, "redirect_uri",
                "http://127.0.0.1/callback", "code_challenge", "c".repeat(43), "code_challenge_method", "S256", "state", "s"));
            form.put(member, sent);
            requireBounded("par " + member, sent, Http.postForm(issuer + "/oauth/par", form));
            requireBounded("authorize " + member, sent, Http.get(issuer + "/oauth/authorize?" + Http.encode(form)));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void registrationQuotesNoMoreThanTheBeginning(String name) {
        String sent = name.equals(LONG) ? "x".repeat(4_000) : name;
        for (String member : List.of("redirect_uris", "grant_types", "response_types")) {
            requireRegistrationBounded(member, sent, new JsonArray().add(sent));
        }
        requireRegistrationBounded("redirect_uris", sent, new JsonArray().add("x".repeat(1_900) + "://callback"));
        for (String member : List.of("scope", "token_endpoint_auth_method", "jwks_uri", "jwks", "software_statement", "application_type",
            "id_token_signed_response_alg", sent)) {
            requireRegistrationBounded(member, sent, sent);
        }
        requireBounded("body that is no JSON", sent, Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, sent));
    }

    private void requireRegistrationBounded(String member, String sent, Object value) {
        JsonObject metadata = new JsonObject().put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback")).put(member, value);
        requireBounded("registration " + member, sent, Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, metadata.encode()));
    }

    private static void requireBounded(String what, String name, HttpResponse<String> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        Stream<String> parts = Stream.concat(Stream.of(type.startsWith("application/json") ? new JsonObject(answer.body()).getMap().toString() : answer.body()),
            answer.headers().map().values().stream().flatMap(List::stream));
        assertThat(answer.statusCode()).as(what).isLessThan(500);
        assertThat(parts).as(what + ": " + answer.statusCode()).allSatisfy(part ->
            assertThat(part).doesNotContain("x".repeat(QUOTED), "\u202E", "\u200B", "\u001B", "\u2066", "\u0007"));
    }
}
