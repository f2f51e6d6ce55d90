package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.Set;

/**
 * Malformed requests to the token endpoint: an error of the fixed set, never a stack, an echo or a 500 (OAuth 2.1
 * §3.2.4).
 */
@Gatehouse
final class TokenEndpointIT {
    private static final Set<String> ERRORS = Set.of("invalid_request", "invalid_client", "invalid_grant",
        "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_target");
    private static final String GOOD =
        "grant_type=client_credentials&client_id=mcp-test-client&client_secret=mcp-test-secret";
    private final OAuthClient client;

    TokenEndpointIT(RunningGatehouse gatehouse) {
        client = gatehouse.client();
    }

    @Test
    void onlyPostIsAllowed() {
        HttpResponse<String> get = Http.get(client.tokenUrl() + "?" + GOOD);
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow").orElse("")).contains("POST");
        assertThat(Http.post(client.tokenUrl(), Http.FORM, GOOD).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data; boundary=x", "text/plain",
        "application/json, application/x-www-form-urlencoded", "application/x-www-form-urlencodedx", "nonsense"})
    void onlyFormsAreRead(String contentType) {
        assertRefused(Http.post(client.tokenUrl(), contentType, GOOD), 400, 415);
    }

    @Test
    void missingContentTypeIsRefused() {
        assertRefused(Http.post(client.tokenUrl(), null, GOOD), 400, 415);
    }

    @Test
    void contentTypeMayNameItsCharset() {
        String type = "application/x-www-form-urlencoded; charset=UTF-8";
        assertThat(Http.post(client.tokenUrl(), type, GOOD).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {"absent, invalid_request", "'', invalid_request",
        "password, unsupported_grant_type", "implicit, unsupported_grant_type", "nonsense, unsupported_grant_type",
        "<script>, unsupported_grant_type"})
    void grantTypeIsChecked(String grantType, String error) {
        HttpResponse<String> refused = client.clientCredentials("grant_type", grantType);
        assertRefused(refused, 400);
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo(error);
    }

    @Test
    void missingCodeAndMissingRefreshTokenAreInvalidRequests() {
        assertThat(new JsonObject(client.clientCredentials("grant_type", "authorization_code").body())
            .getString("error"))
            .isEqualTo("invalid_request");
        assertThat(new JsonObject(client.clientCredentials("grant_type", "refresh_token").body()).getString("error"))
            .isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {GOOD + "&grant_type=client_credentials", GOOD + "&client_id=mcp-test-client",
        GOOD + "&scope=mcp:read&scope=mcp:write"})
    void duplicatedParameterIsRefused(String body) {
        HttpResponse<String> refused = Http.post(client.tokenUrl(), Http.FORM, body);
        assertRefused(refused, 400);
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz=1", "grant_type=%ff%fe", "=", "&&&&", "grant_type", "\u0000", "a=b=c&d"})
    void brokenFormsAreRefused(String body) {
        assertRefused(Http.post(client.tokenUrl(), Http.FORM, body), 400, 401);
    }

    @Test
    void hugeBodyIsRefused() {
        HttpResponse<String> refused = Http.post(client.tokenUrl(), Http.FORM, GOOD + "&x=" + "y".repeat(2_000_000));
        assertThat(refused.statusCode()).isIn(400, 413);
        assertThat(Http.post(client.tokenUrl(), Http.FORM, GOOD).statusCode()).isEqualTo(200);
    }

    @Test
    void unknownParametersAreIgnored() {
        assertThat(client.clientCredentials("foo", "bar").statusCode()).isEqualTo(200);
    }

    private static void assertRefused(HttpResponse<String> response, Integer... statuses) {
        assertThat(response.statusCode()).as(response.body()).isIn((Object[]) statuses);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonObject body = new JsonObject(response.body());
        assertThat(body.getString("error")).isIn(ERRORS);
        assertThat(body.getString("error_description", "")).matches("[\\x20-\\x7e]*")
            .doesNotContain("Exception", "<script>");
    }
}
