package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The debug log describes each request to the author of a client and contains no secret. */
@Timeout(180)
final class DebugLogIT {

    private static final String MARK = "MARKED-SECRET-4711";
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void eachRequestIsALineThatSaysWhyItWasRefusedAndNoSecret() {
        try (RunningGatehouse gatehouse = RunningGatehouse.upWith("--debug")) {
            OAuthClient client = gatehouse.client();
            Tokens tokens = gatehouse.tokens("state", MARK);
            String bearer = "Bearer " + tokens.access();
            String body = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "initialize").put("params", new JsonObject()
                .put("protocolVersion", "2025-11-25").put("capabilities", new JsonObject())
                .put("clientInfo", new JsonObject().put("name", MARK).put("version", "1"))).encode();
            var opened = Http.post(gatehouse.mcp(), "application/json", body, "Authorization", bearer, "Accept", "application/json, text/event-stream");
            String session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();
            String list = new JsonObject().put("jsonrpc", "2.0").put("id", 2).put("method", "tools/list").encode();
            Http.post(gatehouse.mcp(), "application/json", list, "Authorization", bearer, "Accept", "application/json, text/event-stream",
                "Mcp-Session-Id", session, "MCP-Protocol-Version", "2025-11-25");

            new OAuthClient(client.issuer(), client.id(), MARK, null).clientCredentials();
            client.redeem("ghc_" + MARK, Pkce.of(MARK + MARK + MARK));
            client.refresh("ghr_" + MARK);
            Http.get(gatehouse.mcp() + "?access_token=" + MARK);
            Http.get(gatehouse.mcp(), "Authorization", "Bearer " + MARK);
            Http.post(gatehouse.mcp(), "text/plain", MARK, "Authorization", bearer, "Accept", "application/json, text/event-stream");
            Http.post(gatehouse.mcp(), "application/json", list, "Authorization", bearer, "Accept", "application/json, text/event-stream",
                "Mcp-Session-Id", MARK + MARK);
            Http.get(gatehouse.mcp(), "Authorization", bearer, "Origin", "https://evil.example");
            Browser browser = new Browser(gatehouse.issuer());
            browser.submit(browser.open(client.authorizationUrl(Pkce.fresh())), Map.of("username", "testuser", "password", MARK));
            Http.get(gatehouse.issuer() + "/oauth/authorize?client_id=unknown&state=" + MARK);

            for (String[] line : List.of(
                    new String[] {"POST /mcp answered 200", "era: sessions", "call: initialize"},
                    new String[] {"POST /mcp answered 200", "session: " + session.substring(0, 8) + "…", "era: sessions 2025-11-25", "call: tools/list"},
                    new String[] {"POST /oauth/token answered 401", "reason: invalid_client"},
                    new String[] {"POST /oauth/token answered 400", "reason: invalid_grant"},
                    new String[] {"GET /mcp answered 400", "reason: invalid_request"},
                    new String[] {"GET /mcp answered 401", "reason: invalid_token"},
                    new String[] {"POST /mcp answered 415", "reason: Content-Type must be application/json"},
                    new String[] {"POST /mcp answered 404", "reason: Session not found"},
                    new String[] {"GET /mcp answered 403", "reason: Requests from that Origin are not allowed"},
                    new String[] {"GET /oauth/authorize answered 400", "reason: "})) {
                Eventually.holds(String.join(" … ", line), SOON, () -> gatehouse.output().lines()
                    .anyMatch(logged -> logged.contains(" DEBUG ") && List.of(line).stream().allMatch(logged::contains)));
            }
            assertThat(gatehouse.output()).doesNotContain(MARK, tokens.access(), tokens.refresh(), session);
        }
    }
}
