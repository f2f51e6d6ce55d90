package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/** Stolen refresh tokens (OAuth 2.1 §4.3.1, RFC 9700 §4.14). */
@Gatehouse
final class RefreshTokenIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    RefreshTokenIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void publicClientsTokensRotateAndReuseRevokesTheFamily() {
        OAuthClient open = gatehouse.publicClient();
        Tokens first = gatehouse.journey().tokens(open);
        Tokens second = Tokens.of(open.refresh(first.refresh()).body());
        Tokens third = Tokens.of(open.refresh(second.refresh()).body());
        assertThat(gatehouse.active(third.access())).isTrue();

        assertError(open.refresh(first.refresh()), "invalid_grant");
        assertThat(gatehouse.active(third.access())).isFalse();
        assertThat(McpSession.admits(gatehouse.mcp(), third.access())).isFalse();
        assertError(open.refresh(third.refresh()), "invalid_grant");
    }

    @Test
    void anotherClientsAttemptLeavesTheOwnersFamilyAlone() {
        Tokens first = gatehouse.tokens();
        assertError(gatehouse.publicClient().refresh(first.refresh()), "invalid_grant");
        assertThat(client.active(first.access())).isTrue();
        assertThat(client.refresh(first.refresh()).statusCode()).isEqualTo(200);
    }

    @Test
    void wrongSecretDoesNotRotate() {
        Tokens first = gatehouse.tokens();
        OAuthClient impostor = new OAuthClient(client.issuer(), client.id(), "wrong", client.redirectUri());
        assertThat(impostor.refresh(first.refresh()).statusCode()).isEqualTo(401);
        assertThat(client.refresh(first.refresh()).statusCode()).isEqualTo(200);
    }

    @Test
    void foreignResourceIsRefusedAndNothingRotates() {
        Tokens first = gatehouse.tokens();
        assertError(client.refresh(first.refresh(), "resource", "http://localhost:5996/mcp"), "invalid_target");
        assertThat(client.refresh(first.refresh(), "resource", gatehouse.mcp()).statusCode()).isEqualTo(200);
    }

    @Test
    void refreshTokenOpensNoResource() {
        Tokens tokens = gatehouse.tokens();
        assertThat(McpSession.admits(gatehouse.mcp(), tokens.refresh())).isFalse();
        assertThat(McpSession.admits(gatehouse.mcp(), tokens.access())).isTrue();
    }

    @Test
    void refreshTokenIsInactiveToResourceServers() {
        Tokens tokens = gatehouse.tokens();
        HttpResponse<String> asResource = Http.postForm(gatehouse.issuer() + "/oauth/introspect",
            java.util.Map.of("token", tokens.refresh()));
        assertThat(new JsonObject(asResource.body())).isEqualTo(new JsonObject().put("active", false));
    }

    private static void assertError(HttpResponse<String> response, String error) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
    }
}
