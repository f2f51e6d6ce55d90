package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Enterprise-managed authorization between two servers that know nothing of each other but the address: a person logs in at
 * the company's, and the client calls an MCP server that the other protects, without another page.
 */
final class EnterpriseFlowIT {
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    private static RunningGatehouse company;
    private static RunningGatehouse other;

    @BeforeAll
    static void start() {
        company = RunningGatehouse.inProcess(new JsonObject().put("scopes", new JsonArray()
            .add(new JsonObject().put("name", "openid")).add(new JsonObject().put("name", "mcp:read"))), new JsonObject());
        other = RunningGatehouse.inProcess(new JsonObject(), new JsonObject());
    }

    @AfterAll
    static void stop() {
        company.close();
        other.close();
    }

    @Test
    void loginAtTheCompanyOpensTheOthersMcpServer() {
        Tokens login = login();
        String assertion = assertion(login);
        JsonObject tokens = json(redeem(other, assertion), 200);
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(tokens.containsKey("refresh_token")).isFalse();
        JsonObject profile = McpSession.open(other.mcp(), tokens.getString("access_token")).tool("get_user_profile", new JsonObject());
        assertThat(profile.getBoolean("isError", false)).as(profile.encode()).isFalse();
        assertThat(McpSession.admits(company.mcp(), tokens.getString("access_token"))).isFalse();
        assertThat(McpSession.admits(other.mcp(), assertion)).as("an assertion is no access token").isFalse();
    }

    /** The SDK of the field finds everything by itself, and names the other server by a URL with a final slash. */
    @Test
    void clientOfTheFieldNeedsNoPage() {
        JsonObject client = new JsonObject().put("id", OAuthClient.TEST_ID).put("secret", OAuthClient.TEST_SECRET);
        JsonObject result = NodeProgram.run("mcp-enterprise.mjs", new JsonObject().put("url", other.mcp()).put("company", company.issuer())
            .put("subject", new JsonObject(subject(login()))).put("companyClient", client).put("client", client.copy().put("issuer", other.issuer())),
            Map.of());
        assertThat(result.getJsonObject("profile").getBoolean("isError", false)).as(result.encode()).isFalse();
        assertThat(result.getJsonArray("asked")).hasSize(1);
        assertThat(result.getJsonObject("tokens").containsKey("refresh_token")).isFalse();
    }

    @Test
    void assertionCountsOnceThereAndNeverHere() {
        String assertion = assertion(login());
        assertThat(json(redeem(company, assertion), 400).getString("error")).isEqualTo("invalid_grant");
        json(redeem(other, assertion), 200);
        assertThat(json(redeem(other, assertion), 400).getString("error")).isEqualTo("invalid_grant");
    }

    @Test
    void samePersonHasTheSameAccountAtTheOther() {
        assertThat(subject(json(redeem(other, assertion(login())), 200))).startsWith("usr_")
            .isEqualTo(subject(json(redeem(other, assertion(login())), 200)));
    }

    @Test
    void endOfTheAccessAtTheCompanyEndsTheAssertions() {
        // An ID token speaks for every login of its person at this client, so the one that ends is named by its refresh token.
        Tokens login = login();
        Map<String, Object> subject = refreshToken(login);
        assertThat(json(exchange(subject), 200).getString("issued_token_type")).isEqualTo(ID_JAG);
        assertThat(company.client().revoke(login.refresh()).statusCode()).isEqualTo(200);
        assertThat(json(exchange(subject), 400).getString("error")).isEqualTo("invalid_request");
    }

    private static Tokens login() {
        return Journey.demo(company.issuer()).tokens(company.client(), "scope", "openid mcp:read");
    }

    private static String assertion(Tokens login) {
        JsonObject answer = json(exchange(login), 200);
        assertThat(answer.getString("issued_token_type")).isEqualTo(ID_JAG);
        assertThat(answer.getString("token_type")).isEqualTo("N_A");
        return answer.getString("access_token");
    }

    private static HttpResponse<String> exchange(Tokens login) {
        return exchange(subject(login));
    }

    private static HttpResponse<String> exchange(Map<String, Object> subject) {
        return token(company.client(), EXCHANGE, "requested_token_type", ID_JAG, "subject_token", (String) subject.get("token"),
            "subject_token_type", (String) subject.get("type"), "audience", other.issuer(),
            "resource", other.mcp(), "scope", "mcp:write");
    }

    private static Map<String, Object> subject(Tokens login) {
        return Map.of("token", login.json().getString("id_token"), "type", "urn:ietf:params:oauth:token-type:id_token");
    }

    private static Map<String, Object> refreshToken(Tokens login) {
        return Map.of("token", login.refresh(), "type", "urn:ietf:params:oauth:token-type:refresh_token");
    }

    private static HttpResponse<String> redeem(RunningGatehouse at, String assertion) {
        return token(at.client(), JWT_BEARER, "assertion", assertion);
    }

    private static HttpResponse<String> token(OAuthClient client, String grantType, String... parameters) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", grantType));
        return client.authenticated("/oauth/token", OAuthClient.change(form, parameters));
    }

    private static String subject(JsonObject tokens) {
        return json(Http.postForm(other.issuer() + "/oauth/introspect", Map.of("token", tokens.getString("access_token"))), 200)
            .getString("sub");
    }

    private static JsonObject json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return new JsonObject(response.body());
    }
}
