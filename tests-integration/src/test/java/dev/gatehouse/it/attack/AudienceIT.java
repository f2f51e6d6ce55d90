package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Tokens carried to a resource they were not made for (RFC 8707, RFC 9700 §2.3). */
@Gatehouse
final class AudienceIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    AudienceIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void tokenForAnotherResourceOpensNothingHere() {
        String foreign = gatehouse.tokens("resource", "http://localhost:5995/mcp").access();
        assertThat(client.active(foreign)).isTrue();
        assertThat(McpSession.admits(gatehouse.mcp(), foreign)).isFalse();
        assertThat(McpSession.admits(gatehouse.mcp(), gatehouse.tokens().access())).isTrue();
    }

    @Test
    void tokenForAnyNameThatPeopleTypeForTheServerWorks() {
        String origin = gatehouse.mcpOrigin();
        String byAddress = origin.replace("localhost", "127.0.0.1");
        for (String resource : List.of(origin + "/mcp/", origin, origin + "/", byAddress + "/mcp", byAddress, origin + "/sse")) {
            assertThat(McpSession.admits(gatehouse.mcp(), gatehouse.tokens("resource", resource).access())).as(resource).isTrue();
        }
    }

    @Test
    void metadataNamesTheServerAsTheClientCalledIt() {
        String byAddress = gatehouse.mcpOrigin().replace("localhost", "127.0.0.1");
        HttpResponse<String> challenge = Http.post(byAddress + "/mcp", Http.JSON, "{}");
        String metadata = challenge.headers().firstValue("www-authenticate").orElseThrow().replaceAll(".*resource_metadata=\"([^\"]+)\".*", "$1");
        assertThat(metadata).startsWith(byAddress + "/");
        JsonObject document = new JsonObject(Http.get(metadata).body());
        assertThat(document.getString("resource")).isEqualTo(byAddress + "/mcp");
        assertThat(McpSession.admits(byAddress + "/mcp", gatehouse.tokens("resource", document.getString("resource")).access())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp", "/mcp", "http://localhost:8001/mcp#fragment", "http://evil.test/mcp", "nonsense://x",
        "http://localhost.evil.test/mcp", "http://"})
    void impossibleResourceIsRefusedAtTheTokenEndpoint(String resource) {
        HttpResponse<String> refused = client.clientCredentials("resource", resource);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("invalid_target");
    }

    @Test
    void repeatedResourceIsDecidedAsAWhole() {
        String both = "&resource=" + Http.encode("http://localhost:5994/mcp") + "&resource="
            + Http.encode("http://evil.test/mcp");
        HttpResponse<String> refused = Http.post(client.tokenUrl(), Http.FORM, "grant_type=client_credentials" + both,
            "Authorization", OAuthClient.basic(client.id(), client.secret()));
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("invalid_target");
    }

    @Test
    void emptyResourceMeansTheDefaultOne() {
        HttpResponse<String> response = client.clientCredentials("resource", "");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject claims = new JsonObject(client.introspect(new JsonObject(response.body())
            .getString("access_token")).body());
        assertThat(claims.getValue("aud").toString()).contains(gatehouse.mcp());
    }

    @Test
    void introspectionDescribesNothingThatIsNotAnAccessToken() {
        for (String token : new String[] {"", "x", "gha_", "gha_" + "A".repeat(43), "ghr_"
            + "A".repeat(43), "é".repeat(50)}) {
            HttpResponse<String> response = Http.postForm(gatehouse.issuer()
                + "/oauth/introspect", Map.of("token", token));
            if (token.isEmpty()) {
                assertThat(response.statusCode()).isIn(200, 400);
            } else {
                assertThat(response.statusCode()).as(token).isEqualTo(200);
                assertThat(new JsonObject(response.body())).isEqualTo(new JsonObject().put("active", false));
            }
        }
    }

    @Test
    void introspectionAndRevocationAreOnlyPosted() {
        String token = gatehouse.tokens().access();
        assertThat(Http.get(gatehouse.issuer() + "/oauth/introspect?token=" + token).statusCode()).isEqualTo(405);
        assertThat(Http.get(gatehouse.issuer() + "/oauth/revoke?token=" + token).statusCode()).isEqualTo(405);
        assertThat(client.active(token)).isTrue();
    }

    @Test
    void anotherClientCannotRevoke() {
        String token = gatehouse.tokens().access();
        assertThat(gatehouse.publicClient().revoke(token).statusCode()).isIn(200, 400);
        assertThat(client.active(token)).isTrue();
        OAuthClient impostor = new OAuthClient(client.issuer(), client.id(), "wrong", client.redirectUri());
        assertThat(impostor.revoke(token).statusCode()).isEqualTo(401);
        assertThat(client.active(token)).isTrue();
        assertThat(client.revoke(token).statusCode()).isEqualTo(200);
        assertThat(client.active(token)).isFalse();
    }

    @Test
    void publicClientReallyRevokes() {
        OAuthClient open = gatehouse.publicClient();
        String token = gatehouse.journey().tokens(open).access();
        assertThat(gatehouse.active(token)).isTrue();
        assertThat(open.revoke(token).statusCode()).isEqualTo(200);
        assertThat(gatehouse.active(token)).isFalse();
    }

    @Test
    void wrongCredentialsAtIntrospectionAreRefusedEvenWhereItIsOpen() {
        OAuthClient impostor = new OAuthClient(client.issuer(), client.id(), "wrong", client.redirectUri());
        assertThat(impostor.introspect(gatehouse.tokens().access()).statusCode()).isEqualTo(401);
    }
}
