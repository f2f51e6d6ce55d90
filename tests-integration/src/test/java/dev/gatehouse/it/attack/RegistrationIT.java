package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The rules of open registration and of its management (RFC 7591, RFC 7592). */
@Gatehouse
final class RegistrationIT {
    private static final String GOOD = "http://127.0.0.1/callback";
    private final RunningGatehouse gatehouse;

    RegistrationIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void registrationIsAnsweredWithAllThatWasRegistered() {
        HttpResponse<String> answer = register(request());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject registered = new JsonObject(answer.body());
        assertThat(registered.getString("client_id")).doesNotStartWith("https://");
        assertThat(registered.getString("client_secret")).isNotBlank();
        assertThat(registered.getInteger("client_secret_expires_at")).isZero();
        assertThat(registered.getString("token_endpoint_auth_method")).isEqualTo("client_secret_basic");
        assertThat(registered.getString("registration_client_uri")).endsWith("/oauth/register/" + registered.getString("client_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example/cb", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "https://app.example/cb#f",
        "https://*.example/cb", "https://user@app.example/cb", "myapp:/cb", "myapp://callback", "relative/path", ""})
    void badRedirectUriIsRefused(String uri) {
        requireRefused(request().put("redirect_uris", new JsonArray().add(uri)), "invalid_redirect_uri");
        HttpResponse<String> beside = register(request().put("redirect_uris", new JsonArray().add(GOOD).add(uri)));
        assertThat(beside.statusCode()).as(beside.body()).isEqualTo(201);
        assertThat(new JsonObject(beside.body()).getJsonArray("redirect_uris")).as("the answer shows what was registered").containsExactly(GOOD);
    }

    @Test
    void listOfRedirectUrisIsBounded() {
        requireRefused(request().put("redirect_uris", new JsonArray()), "invalid_redirect_uri");
        JsonArray many = new JsonArray();
        for (int i = 0; i < 100; i++) {
            many.add(GOOD + i);
        }
        requireRefused(request().put("redirect_uris", many), "invalid_client_metadata", "invalid_redirect_uri");
        requireRefused(request().put("redirect_uris", new JsonArray().add(GOOD + "x".repeat(4_000))), "invalid_client_metadata",
            "invalid_redirect_uri");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        grant_types | ["implicit"]
        grant_types | ["client_credentials"]
        response_types | ["token"]
        token_endpoint_auth_method | "client_secret_jwt"
        redirect_uris | "http://127.0.0.1/callback"
        jwks | {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}
        jwks | {"keys": [{"kty": "EC", "crv": "P-256", "x": "a", "y": "b", "d": "c"}]}
        """)
    void metadataThatLeavesNothingUsableIsRefused(String member, String value) {
        Object parsed = new JsonObject("{\"value\": " + value + "}").getValue("value");
        requireRefused(request().put(member, parsed), "invalid_client_metadata", "invalid_redirect_uri");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        grant_types | ["authorization_code", "password", "implicit"] | ["authorization_code"]
        response_types | ["code", "token"] | ["code"]
        client_name | 7 | null
        logo_uri | "javascript:alert(1)" | null
        client_uri | "http://evil.example/" | null
        client_uri | "myapp://home" | null
        jwks | {"keys": []} | null
        scope | null | "mcp:read mcp:write openid profile email"
        """)
    void metadataThatCannotBeUsedIsLeftOutAndTheAnswerShowsIt(String member, String value, String registered) {
        Object parsed = new JsonObject("{\"value\": " + value + "}").getValue("value");
        HttpResponse<String> answer = register(request().put(member, parsed));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(new JsonObject(answer.body()).getValue(member)).isEqualTo(new JsonObject("{\"value\": " + registered + "}").getValue("value"));
    }

    @Test
    void byteOrderMarkBeforeTheRequestIsIgnored() {
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", "application/json", "\uFEFF" + request().encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void softwareStatementIsNeverIgnored() {
        assertThat(register(request().putNull("software_statement")).statusCode()).isEqualTo(201);
        requireRefused(request().put("software_statement", "e30.e30.e30"), "unapproved_software_statement");
        assertThat(register(request().put("software_statement", "")).statusCode()).as("empty is none").isEqualTo(201);
    }

    @Test
    void webApplicationsCallBackToTheWebAndNativeOnesMayCallBackToLoopback() {
        requireRefused(request().put("application_type", "web"), "invalid_redirect_uri");
        assertThat(register(request().put("application_type", "native")).statusCode()).isEqualTo(201);
        assertThat(register(request().put("application_type", "web").put("redirect_uris", new JsonArray().add("https://app.example/cb")))
            .statusCode()).isEqualTo(201);
    }

    @Test
    void whatOnlyOperatorsDecideIsLeftOut() {
        JsonObject registered = new JsonObject(register(request().put("client_id", "mine").put("client_secret", "mine")
            .put("policy", new JsonObject().put("consent", "NEVER")).put("trusted", true).put("accessTokenSeconds", 1_000_000)
            .put("audience", "https://other.example").put("scope", "mcp:read admin")).body());
        assertThat(registered.getString("client_id")).isNotEqualTo("mine");
        assertThat(registered.getString("client_secret")).isNotEqualTo("mine");
        assertThat(registered.getString("scope")).isEqualTo("mcp:read mcp:write openid profile email");
        assertThat(registered.fieldNames()).doesNotContain("policy", "trusted", "accessTokenSeconds", "audience");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{\"client_name\": \"a\", \"client_name\": \"b\"}", "{\"a\": 1} {}", "\u0000"})
    void whatIsNoJsonObjectIsRefused(String body) {
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", "application/json", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_client_metadata");
    }

    @Test
    void otherContentTypesAndMethodsAreRefused() {
        assertThat(Http.post(gatehouse.issuer() + "/oauth/register", "text/plain", request().encode()).statusCode()).isEqualTo(400);
        assertThat(Http.get(gatehouse.issuer() + "/oauth/register").statusCode()).isEqualTo(405);
    }

    @Test
    void registrationIsManagedByItsOwnTokenOnly() {
        JsonObject mine = new JsonObject(register(request()).body());
        JsonObject other = new JsonObject(register(request()).body());
        String address = mine.getString("registration_client_uri");
        assertThat(manage("GET", address, other.getString("registration_access_token"), null).statusCode()).isEqualTo(401);
        assertThat(manage("GET", address, null, null).statusCode()).isEqualTo(401);
        assertThat(manage("DELETE", address, other.getString("registration_access_token"), null).statusCode()).isEqualTo(401);
        HttpResponse<String> read = manage("GET", address, mine.getString("registration_access_token"), null);
        assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
        assertThat(new JsonObject(read.body()).getJsonArray("redirect_uris")).isEqualTo(mine.getJsonArray("redirect_uris"));
        assertThat(read.body()).doesNotContain(mine.getString("client_secret"));
    }

    @Test
    void updateIsHeldToTheRulesOfRegistration() {
        JsonObject mine = new JsonObject(register(request()).body());
        String address = mine.getString("registration_client_uri");
        String token = mine.getString("registration_access_token");
        JsonObject change = request().put("client_id", mine.getString("client_id")).put("client_name", "Renamed");
        HttpResponse<String> bad = manage("PUT", address, token, change.copy().put("redirect_uris", new JsonArray().add("http://evil.example/")));
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(manage("PUT", address, token, request().put("client_id", "another")).statusCode()).isEqualTo(400);
        assertThat(new JsonObject(manage("GET", address, token, null).body()).getString("client_name")).isEqualTo("Test");
        HttpResponse<String> good = manage("PUT", address, token, change);
        assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
        assertThat(new JsonObject(good.body()).getString("client_name")).isEqualTo("Renamed");
        OAuthClient client = new OAuthClient(gatehouse.issuer(), mine.getString("client_id"), mine.getString("client_secret"), GOOD);
        assertThat(gatehouse.journey().tokens(client).access()).isNotNull();
    }

    @Test
    void deletionEndsTheClientAndItsTokens() {
        JsonObject mine = new JsonObject(register(request()).body());
        OAuthClient client = new OAuthClient(gatehouse.issuer(), mine.getString("client_id"), mine.getString("client_secret"), GOOD);
        Tokens tokens = gatehouse.journey().tokens(client);
        assertThat(gatehouse.active(tokens.access())).isTrue();
        HttpResponse<String> deleted = manage("DELETE", mine.getString("registration_client_uri"),
            mine.getString("registration_access_token"), null);
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(gatehouse.active(tokens.access())).isFalse();
        HttpResponse<String> refreshed = client.refresh(tokens.refresh());
        assertThat(refreshed.statusCode()).isEqualTo(401);
        assertThat(refreshed.body()).contains("invalid_client");
        assertThat(Http.get(client.authorizationUrl(Pkce.fresh())).statusCode()).isEqualTo(400);
    }

    @Test
    void alikeRegistrationsWithinAnHourAreAllKept() {
        JsonObject request = request().put("client_name", "Registers at each start").put("token_endpoint_auth_method", "none");
        JsonObject first = new JsonObject(register(request).body());
        for (int i = 0; i < 20; i++) {
            assertThat(register(request).statusCode()).isEqualTo(201);
        }
        assertThat(manage("GET", first.getString("registration_client_uri"), first.getString("registration_access_token"), null).statusCode())
            .as("its person may still be at the login page").isEqualTo(200);
    }

    @Test
    void initialAccessTokenIsGoodForItsNumberOfRegistrations() {
        JsonObject settings = new JsonObject().put("registration", new JsonObject().put("dynamic",
            new JsonObject().put("initialAccessTokenRequired", true)));
        try (RunningGatehouse closed = RunningGatehouse.inProcess(settings, new JsonObject()); Crowd crowd = new Crowd(50)) {
            String url = closed.issuer() + "/oauth/register";
            HttpResponse<String> without = Http.post(url, "application/json", request().encode());
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.headers().firstValue("WWW-Authenticate")).hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
            assertThat(Http.post(url, "application/json", request().encode(), "Authorization", "Bearer ghi_wrong").statusCode()).isEqualTo(401);
            String token = closed.run("client", "initial-token", "--uses", "3").out().strip();
            List<HttpResponse<String>> answers = crowd.atOnce(caller ->
                Http.post(url, "application/json", request().encode(), "Authorization", "Bearer " + token));
            assertThat(answers.stream().filter(answer -> answer.statusCode() == 201)).hasSize(3);
            assertThat(answers.stream().filter(answer -> answer.statusCode() == 401)).hasSize(47);
        }
    }

    @Test
    void registrationsAreLimitedPerSourceAndInAll() {
        JsonObject settings = new JsonObject().put("rateLimits", new JsonObject().put("registerPerMinute", 3))
            .put("registration", new JsonObject().put("dynamic", new JsonObject().put("maximumClients", 2)));
        try (RunningGatehouse limited = RunningGatehouse.inProcess(settings, new JsonObject())) {
            String url = limited.issuer() + "/oauth/register";
            for (int i = 0; i < 3; i++) {
                assertThat(Http.post(url, "application/json", request().encode()).statusCode()).as("unused ones make room").isEqualTo(201);
            }
            HttpResponse<String> flood = Http.post(url, "application/json", request().encode());
            assertThat(flood.statusCode()).isEqualTo(429);
            assertThat(flood.headers().firstValue("Retry-After")).isPresent();
            assertThat(limited.tokens().access()).as("other clients are not affected").isNotNull();
        }
    }

    private static JsonObject request() {
        return new JsonObject().put("client_name", "Test").put("redirect_uris", new JsonArray().add(GOOD))
            .put("grant_types", new JsonArray().add("authorization_code").add("refresh_token"));
    }

    private HttpResponse<String> register(JsonObject request) {
        return Http.post(gatehouse.issuer() + "/oauth/register", "application/json", request.encode());
    }

    private void requireRefused(JsonObject request, String... codes) {
        HttpResponse<String> answer = register(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("error")).isIn((Object[]) codes);
        assertThat(answer.body()).doesNotContain("client_id\"");
    }

    private static HttpResponse<String> manage(String method, String url, String token, JsonObject body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json")
            .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body.encode()));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return Http.send(request);
    }
}
