package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/** The client credentials grant (OAuth 2.1 §4.2). */
@Gatehouse
final class ClientCredentialsFlowIT {
    private final OAuthClient client;

    ClientCredentialsFlowIT(RunningGatehouse gatehouse) {
        client = gatehouse.client();
    }

    @Test
    void clientGetsATokenOfItsOwnAndNoRefreshToken() {
        HttpResponse<String> response = client.clientCredentials("scope", "mcp:read");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        Tokens tokens = Tokens.of(response.body());
        assertThat(tokens.refresh()).isNull();

        JsonObject claims = new JsonObject(client.introspect(tokens.access()).body());
        assertThat(claims.getBoolean("active")).isTrue();
        assertThat(claims.getString("sub")).isEqualTo(OAuthClient.TEST_ID);
        assertThat(claims.getString("client_id")).isEqualTo(OAuthClient.TEST_ID);
        assertThat(claims.getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void unknownScopeIsRefused() {
        HttpResponse<String> refused = client.clientCredentials("scope", "mcp:admin");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("invalid_scope");
    }

    @Test
    void secretMayComeInTheBodyInstead() {
        OAuthClient nobody = new OAuthClient(client.issuer(), client.id(), null, client.redirectUri());
        HttpResponse<String> response = nobody.clientCredentials("client_secret", OAuthClient.TEST_SECRET);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
}
