package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.it.support.Devices;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code gatehouse up --record}: one file for each login attempt, without secrets, and one line for each that fails. */
final class FlightRecordIT {

    private static final Duration WRITTEN = Duration.ofSeconds(10);
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
        + "\"clientInfo\":{\"name\":\"probe\",\"version\":\"1\"}}}";

    private static Path records;
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() {
        records = Product.scratch("records").resolve("flights");
        gatehouse = RunningGatehouse.upWith("--record", records.toString());
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
    }

    @Test
    void aWholeLoginIsOneFileThatSaysWhichClientItWasAndEachDecision() {
        String id = register("Gemini CLI MCP Client", "http://localhost:7777/oauth/callback");
        OAuthClient client = new OAuthClient(gatehouse.issuer(), id, null, "http://localhost:7777/oauth/callback");
        Tokens tokens = gatehouse.journey().tokens(client);
        assertThat(call(tokens.access()).statusCode()).isEqualTo(200);

        JsonObject flight = flight(each -> exchanges(each).stream().anyMatch(exchange -> exchange.getString("url").contains(id)) && each.getString("stoppedAt") == null);
        assertThat(flight.getJsonObject("client").getString("id")).isEqualTo("gemini-cli");
        assertThat(steps(flight)).startsWith("registration", "authorize").endsWith("authorize.response", "token", "mcp.initialize");
        assertThat(decision(flight, "token")).isEqualTo(new JsonObject().put("step", "token").put("outcome", "accepted").put("clause", "RFC 6749 §5"));
        assertThat(decision(flight, "mcp.initialize").getString("clause")).isEqualTo("RFC 6750 §2.1");
        JsonObject token = exchanges(flight).stream().filter(exchange -> exchange.getString("step").equals("token")).findFirst().orElseThrow();
        JsonObject issued = new JsonObject(token.getString("body"));
        assertThat(issued.getString("access_token")).matches("\\[redacted \\d+]");
        assertThat(exchanges(flight).get(exchanges(flight).size() - 1).getJsonObject("requestHeaders").getJsonArray("authorization"))
            .as("the number shows where the token came from").isEqualTo(JsonArray.of("Bearer " + issued.getString("access_token")));
    }

    @Test
    void aFailedLoginSaysWhereItStoppedAndWhyInItsFileAndOnTheConsole() {
        String id = register("Cursor", "http://localhost:8787/callback");
        OAuthClient client = new OAuthClient(gatehouse.issuer(), id, null, "http://localhost:8787/callback");
        String code = gatehouse.journey().code(client, Pkce.fresh());
        assertThat(client.redeem(code, Pkce.fresh()).statusCode()).isEqualTo(400);

        JsonObject flight = flight(each -> "token".equals(each.getString("stoppedAt")) && each.encode().contains(id));
        assertThat(flight.getJsonObject("client").getString("id")).isEqualTo("cursor");
        JsonObject decision = decision(flight, "token");
        assertThat(decision.getString("outcome")).isEqualTo("refused");
        assertThat(decision.getString("error")).isEqualTo("invalid_grant");
        assertThat(decision.getString("clause")).isEqualTo("RFC 6749 §5.2");
        assertThat(decision.getString("reason")).isNotBlank();
        assertThat(decision.getString("advice")).contains("code_verifier");
        assertThat(gatehouse.output().lines().filter(line -> line.contains("Login of Cursor failed at token: invalid_grant"))).singleElement().asString()
            .contains("code_verifier").doesNotContain(code);
    }

    @Test
    void aNameWithControlCharactersCannotForgeALineOfTheConsole() {
        JsonObject body = new JsonObject().put("client_name", "x\u001b[2J\n2026-01-01 WARN forged").put("redirect_uris", JsonArray.of("javascript:alert(1)"));
        assertThat(Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, body.encode()).statusCode()).isEqualTo(400);
        Eventually.holds("the line is there", WRITTEN, () -> gatehouse.output().contains("failed at registration: invalid_redirect_uri"));
        assertThat(gatehouse.output()).doesNotContain("\u001b[2J");
        assertThat(gatehouse.output().lines()).noneMatch(line -> line.startsWith("2026-01-01"));
    }

    @Test
    void noSecretIsInAnyFile() throws IOException {
        List<String> secrets = new ArrayList<>(List.of("marked-initial-access-token", "marked-client-secret", "marked-basic-secret", "marked-code", "marked-verifier",
            "marked-refresh-token", "marked-assertion", "marked-client-assertion", "marked-subject-token", "marked-proof", "marked-cookie", "marked-password",
            "marked-device-code", "marked-bearer", "marked-parameter", "marked-header", "marked-member", "marked-session", "marked-state", "marked-hint",
            "marked-userinfo", "marked-argument"));
        secrets.add(OAuthClient.TEST_SECRET);
        secrets.add("testpass");
        String token = gatehouse.issuer() + "/oauth/token";
        Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, "{\"redirect_uris\":[\"https://marked-userinfo@app.example/cb\"],\"software_statement\":\"marked-assertion\","
            + "\"note\":\"marked-member\",\"jwks\":{\"keys\":[{\"kty\":\"oct\",\"k\":\"marked-member-key\"}]}}", "Authorization", "Bearer marked-initial-access-token", "User-Agent", "probe/1");
        Http.postForm(token, Map.of("grant_type", "authorization_code", "code", "marked-code", "code_verifier", "marked-verifier", "client_id", "mcp-test-client",
            "client_secret", "marked-client-secret", "extra", "marked-parameter"), "X-Api-Key", "marked-header", "Cookie", "gatehouse-session-1=marked-cookie", "User-Agent", "probe/2");
        Http.postForm(token, Map.of("grant_type", "refresh_token", "refresh_token", "marked-refresh-token"), "Authorization", OAuthClient.basic("mcp-test-client", "marked-basic-secret"),
            "User-Agent", "probe/3");
        Http.postForm(token, Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", "marked-assertion", "client_assertion", "marked-client-assertion",
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), "DPoP", "marked-proof", "User-Agent", "probe/4");
        Http.postForm(token, Map.of("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token", "marked-subject-token", "device_code", "marked-device-code"),
            "User-Agent", "probe/5");
        Http.post(gatehouse.mcp(), Http.JSON, INITIALIZE, "Authorization", "Bearer marked-bearer", "Mcp-Session-Id", "marked-session", "Accept", "application/json, text/event-stream",
            "User-Agent", "probe/6");
        Http.get(gatehouse.issuer() + "/oauth/authorize?client_id=mcp-test-client&state=marked-state&login_hint=marked-hint&extra=marked-parameter", "User-Agent", "probe/7");

        Journey wrong = new Journey(gatehouse.journey().browser(), "testuser", "marked-password");
        Page login = wrong.browser().open(gatehouse.client().authorizationUrl(Pkce.fresh()));
        login.form().fields().stream().filter(field -> List.of("csrf", "interaction").contains(field.getKey())).map(Map.Entry::getValue).forEach(secrets::add);
        wrong.browser().submit(login, wrong.credentials());
        Pkce pkce = Pkce.fresh();
        Journey person = gatehouse.journey();
        String code = person.code(gatehouse.client(), pkce);
        secrets.addAll(person.browser().cookies().values());
        Tokens tokens = Tokens.of(gatehouse.client().redeem(code, pkce).body());
        secrets.addAll(List.of(code, pkce.verifier(), tokens.access(), tokens.refresh()));
        HttpResponse<String> refreshed = gatehouse.client().refresh(tokens.refresh());
        secrets.add(Tokens.of(refreshed.body()).access());
        call(tokens.access());
        Http.post(gatehouse.mcp(), Http.JSON, INITIALIZE.replace("\"capabilities\":{}", "\"capabilities\":{},\"arguments\":{\"text\":\"marked-argument\"}"),
            "Authorization", "Bearer " + tokens.access(), "Accept", "application/json, text/event-stream");
        JsonObject device = new Devices(gatehouse).begin();
        secrets.addAll(List.of(device.getString("device_code"), device.getString("user_code")));
        JsonObject registered = new JsonObject(Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, "{\"redirect_uris\":[\"http://localhost/cb\"]}").body());
        secrets.addAll(List.of(registered.getString("registration_access_token"), Optional.ofNullable(registered.getString("client_secret")).orElse("marked-none")));
        Http.get(registered.getString("registration_client_uri"), "Authorization", "Bearer " + registered.getString("registration_access_token"));

        for (int probe = 1; probe <= 7; probe++) {
            String sent = "probe/" + probe;
            flight(each -> each.encode().contains(sent));
        }
        flight(each -> each.encode().contains(registered.getString("client_id")));
        flight(each -> steps(each).contains("device"));
        flight(each -> steps(each).containsAll(List.of("authorize.response", "token", "token.refresh", "mcp.initialize")));
        for (Path file : files()) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secrets);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        }
    }

    @Test
    void aRecordIsARegressionTestOfTheServer() {
        Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, "{\"client_name\":\"Codex\",\"redirect_uris\":[\"ftp://localhost/cb\"]}");
        Path refused = file(each -> each.encode().contains("ftp://localhost/cb"));
        Product.Result replay = gatehouse.run("replay", refused.toString(), "--against", gatehouse.mcp());
        assertThat(replay.out()).contains("Client: Codex").contains(" 0 differ.").doesNotContain("not sent again: registration");
        assertThat(replay.exitCode()).isZero();
    }

    @Test
    void aRecordOfAWholeLoginIsRepeatedUpToTheLoginPage() {
        String id = register("Visual Studio Code", "http://127.0.0.1:33418/");
        OAuthClient client = new OAuthClient(gatehouse.issuer(), id, null, "http://127.0.0.1:33418/");
        call(gatehouse.journey().tokens(client).access());
        Path whole = file(each -> each.getString("stoppedAt") == null && each.encode().contains(id));
        Product.Result replay = gatehouse.run("replay", whole.toString(), "--against", gatehouse.mcp());
        assertThat(replay.out()).contains("Client: VS Code").contains(", 0 differ.").contains("not sent again: token, POST")
            .contains("it needs a login or a secret that the record does not have").doesNotContain("not sent again: registration").doesNotContain("not sent again: authorize, GET");
        assertThat(replay.exitCode()).isZero();
    }

    private static String register(String name, String redirectUri) {
        JsonObject body = new JsonObject().put("client_name", name).put("redirect_uris", JsonArray.of(redirectUri)).put("token_endpoint_auth_method", "none");
        return new JsonObject(Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, body.encode()).body()).getString("client_id");
    }

    private static HttpResponse<String> call(String token) {
        return Http.post(gatehouse.mcp(), Http.JSON, INITIALIZE, "Authorization", "Bearer " + token, "Accept", "application/json, text/event-stream");
    }

    private static List<JsonObject> exchanges(JsonObject flight) {
        return flight.getJsonArray("exchanges").stream().map(JsonObject.class::cast).toList();
    }

    private static List<String> steps(JsonObject flight) {
        return exchanges(flight).stream().map(exchange -> exchange.getString("step")).toList();
    }

    private static JsonObject decision(JsonObject flight, String step) {
        return flight.getJsonArray("decisions").stream().map(JsonObject.class::cast).filter(decision -> decision.getString("step").equals(step)).findFirst().orElseThrow();
    }

    private static JsonObject flight(Predicate<JsonObject> wanted) {
        return read(file(wanted));
    }

    /** The file of an attempt, which is written soon after its last request. */
    private static Path file(Predicate<JsonObject> wanted) {
        Map<String, Path> found = new HashMap<>();
        Eventually.holds("the record is there", WRITTEN, () -> {
            files().stream().filter(file -> wanted.test(read(file))).findFirst().ifPresent(file -> found.put("", file));
            return !found.isEmpty();
        });
        return found.get("");
    }

    private static List<Path> files() {
        try (Stream<Path> all = Files.list(records)) {
            return all.filter(file -> file.toString().endsWith(".json")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject read(Path file) {
        try {
            return new JsonObject(Files.readString(file));
        } catch (NoSuchFileException renamed) {
            return new JsonObject().put("exchanges", new JsonArray()).put("stoppedAt", "nowhere");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
