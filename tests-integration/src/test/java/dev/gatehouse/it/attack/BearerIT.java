package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests to the MCP server without a credential, or with one that does not do (RFC 6750, RFC 9728 §5.1). */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class BearerIT {
    private static final Pattern METADATA = Pattern.compile("resource_metadata=\"([^\"]+)\"");
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    BearerIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /mcp", "GET /mcp", "DELETE /mcp", "GET /sse", "POST /messages"})
    void missingCredentialIsChallengedWithoutAnError(String route) {
        String[] parts = route.split(" ");
        HttpResponse<String> response = Http.send(Http.request(gatehouse.mcpOrigin() + parts[1])
            .method(parts[0], parts[0].equals("POST") ? HttpRequest.BodyPublishers.ofString("not even JSON")
                : HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
        String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        assertThat(challenge).startsWith("Bearer ").contains("scope=\"").doesNotContain("error=");
        Matcher metadata = METADATA.matcher(challenge);
        assertThat(metadata.find()).as(challenge).isTrue();
        assertThat(Http.get(metadata.group(1)).statusCode()).isEqualTo(200);
    }

    @Test
    void browserGetsTheChallengeAndAnExplanation() {
        HttpResponse<String> response = Http.get(gatehouse.mcp(), "Accept",
            "text/html,application/xhtml+xml,*/*;q=0.8");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(response.body()).contains("MCP").contains(gatehouse.mcp()).contains("mcp-test-client");
        assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
    }

    @Test
    void rootIsAPageThatSaysWhatThisIsAndLeadsOn() {
        String root = gatehouse.mcp().replace("/mcp", "/");
        HttpResponse<String> page = Http.get(root, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse("")).contains("default-src 'none'").doesNotContain("unsafe");
        assertThat(page.body()).contains("This is an MCP server", "href=\"" + gatehouse.mcp() + "\"", "href=\"" + gatehouse.issuer() + "/\"");
        assertThat(Http.get(root, "Accept", "application/json").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "gha_", "gha_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a b",
        "eyJhbGciOiJub25lIn0.e30."})
    void unusableTokenIsInvalid(String token) {
        assertInvalid(McpSession.knock(gatehouse.mcp(), token));
    }

    @Test
    void revokedTokenIsInvalidWithinTheCachesBound() {
        JsonObject bound = new JsonObject().put("introspection", new JsonObject().put("cacheSeconds", 3));
        try (RunningGatehouse cautious = RunningGatehouse.inProcess(new JsonObject(), bound)) {
            Tokens revoked = cautious.tokens();
            Tokens kept = cautious.tokens();
            assertThat(McpSession.admits(cautious.mcp(), revoked.access())).isTrue();
            cautious.client().revoke(revoked.access());
            Eventually.holds("the MCP server refuses the revoked token", Duration.ofSeconds(10),
                () -> !McpSession.admits(cautious.mcp(), revoked.access()));
            assertThat(McpSession.admits(cautious.mcp(), kept.access())).isTrue();
        }
    }

    @Test
    void tokenInTheQueryOrTheBodyIsNoCredential() {
        String token = gatehouse.tokens().access();
        String body = McpSession.initializeRequest().encode();
        HttpResponse<String> query = Http.send(McpSession.message(gatehouse.mcp() + "?access_token="
            + token, null, body));
        assertThat(query.statusCode()).isIn(400, 401);
        HttpResponse<String> form = Http.post(gatehouse.mcp(), Http.FORM, "access_token=" + token);
        assertThat(form.statusCode()).isEqualTo(401);
    }

    @Test
    void otherSchemesAreNoCredential() {
        HttpResponse<String> basic = Http.send(McpSession.message(gatehouse.mcp(), null, "{}")
            .header("Authorization", OAuthClient.basic(client.id(), client.secret())));
        assertThat(basic.statusCode()).isEqualTo(401);
    }

    @Test
    void missingScopeIsNamed() {
        McpSession reader = McpSession.open(gatehouse.mcp(), gatehouse.tokens("scope", "mcp:read").access());
        HttpResponse<String> refused = reader.send("tools/call", new JsonObject().put("name", "create_secure_note")
            .put("arguments", new JsonObject().put("content", "x")));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        String challenge = refused.headers().firstValue("WWW-Authenticate").orElse("");
        assertThat(challenge).contains("error=\"insufficient_scope\"").contains("mcp:write")
            .contains("resource_metadata=\"");
        assertThat(reader.tool("get_user_profile", new JsonObject()).getBoolean("isError", false)).isFalse();
    }

    @Test
    void writerMayWrite() {
        McpSession writer = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        assertThat(writer.tool("create_secure_note", new JsonObject().put("content", "x"))
            .getBoolean("isError", false)).isFalse();
    }

    @Test
    void severalCredentialsAtOnceAreRefused() {
        String token = gatehouse.tokens().access();
        HttpResponse<String> response = Http.send(McpSession.message(gatehouse.mcp(), token,
            McpSession.initializeRequest().encode())
            .header("Authorization", "Bearer x"));
        assertThat(response.statusCode()).isIn(List.of(400, 401));
    }

    private static void assertInvalid(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer ")
            .contains("error=\"invalid_token\"").contains("resource_metadata=\"");
    }
}
