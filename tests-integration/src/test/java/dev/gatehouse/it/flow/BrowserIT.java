package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Devices;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Login and consent in a real Chromium, which enforces the policies of the pages. */
@Gatehouse
@Order(2)
final class BrowserIT {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();
    private static final String[] ALL_SCOPES = {"scope", "openid profile email mcp:read mcp:write"};
    private static final String RESOURCES = "http://localhost:5993/";
    private final RunningGatehouse gatehouse;

    BrowserIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void policyLetsTheBrowserFollowTheRedirectToALoopbackClient(String host) {
        OAuthClient client = client(host);
        Pkce pkce = Pkce.fresh();
        JsonObject result = browse("allow", client, new JsonObject().put("url", url(client, pkce)));

        Map<String, String> query = Http.query(URI.create(result.getString("url")));
        assertThat(query).containsEntry("iss", gatehouse.issuer());
        assertThat(client.redeem(query.get("code"), pkce).statusCode()).isEqualTo(200);
        assertThat(result.getString("consent")).contains(host).contains(RESOURCES);
        assertQuiet(result);
    }

    @Test
    void denialArrivesAtTheClient() {
        OAuthClient client = client("127.0.0.1");
        JsonObject result = browse("deny", client, new JsonObject().put("url", url(client, Pkce.fresh())));
        assertThat(Http.query(URI.create(result.getString("url")))).containsEntry("error", "access_denied");
    }

    @Test
    void twoTabsBothFinish() {
        OAuthClient client = client("127.0.0.1");
        Pkce first = Pkce.fresh();
        Pkce second = Pkce.fresh();
        JsonObject result = browse("twoTabs", client,
            new JsonObject().put("url", url(client, first)).put("otherUrl", url(client, second)));
        String firstCode = Http.query(URI.create(result.getString("url"))).get("code");
        String secondCode = Http.query(URI.create(result.getString("otherUrl"))).get("code");
        assertThat(client.redeem(firstCode, first).statusCode()).isEqualTo(200);
        assertThat(client.redeem(secondCode, second).statusCode()).isEqualTo(200);
    }

    @Test
    void outOfBandCodeIsReadable() {
        OAuthClient client = gatehouse.client().at("urn:ietf:wg:oauth:2.0:oob");
        Pkce pkce = Pkce.fresh();
        JsonObject result = browse("outOfBand", null, new JsonObject().put("url", url(client, pkce)));
        String code = result.getString("html").replaceAll("(?s).*(ghc_[A-Za-z0-9_-]{43}).*", "$1");
        assertThat(client.redeem(code, pkce).statusCode()).isEqualTo(200);
        assertQuiet(result);
    }

    @Test
    void pagesFitPhonesAndDesktopsInLightAndDark() {
        OAuthClient client = client("127.0.0.1");
        JsonObject settings = new JsonObject().put("url", url(client, Pkce.fresh()))
            .put("errorUrl", client.authorizationUrl(Pkce.fresh(), "client_id", "nobody"));
        JsonObject overflow = browse("look", null, settings).getJsonObject("overflow");
        assertThat(overflow.fieldNames()).hasSize(16).allSatisfy(page ->
            assertThat(overflow.getInteger(page)).as("pixels that stick out of " + page).isLessThanOrEqualTo(0));
        assertThat(Files.exists(SCREENSHOTS.resolve("consent-phone-dark.png"))).isTrue();
    }

    @Test
    void keyboardReachesEverythingByItsName() {
        JsonObject result = browse("keyboard", null, new JsonObject()
            .put("url", url(client("127.0.0.1"), Pkce.fresh())));
        JsonObject login = result.getJsonObject("login");
        assertThat(login.getString("title")).isNotBlank();
        assertThat(login.getString("lang")).startsWith("en");
        for (String page : new String[] {"login", "consent"}) {
            JsonArray stops = result.getJsonObject(page).getJsonArray("stops");
            assertThat(stops).isNotEmpty().allSatisfy(stop -> {
                assertThat(((JsonObject) stop).getString("label")).as(stop.toString()).isNotBlank();
                assertThat(((JsonObject) stop).getBoolean("visible")).as("focus is seen on " + stop).isTrue();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allowAndDenyAreInViewForFiveScopesOnAPhoneAndADesktop(boolean vouchedFor) {
        OAuthClient five = vouchedFor ? client("127.0.0.1") : registered();
        JsonObject seen = browse("inView", null, new JsonObject().put("url", url(five, Pkce.fresh(), ALL_SCOPES)).put("name", "in-view-" + vouchedFor))
            .getJsonObject("seen");
        assertThat(seen.fieldNames()).containsExactlyInAnyOrder("phone", "desktop").allSatisfy(size ->
            assertThat(seen.getJsonObject(size)).isEqualTo(new JsonObject().put("allow", true).put("deny", true).put("scrolled", 0).put("scopes", 5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-preference", "reduce"})
    void allowDoesNothingInItsFirstHalfSecondWithoutAnyScript(String reducedMotion) {
        OAuthClient client = client("127.0.0.1");
        JsonObject result = browse("early", client, new JsonObject().put("url", url(client, Pkce.fresh())).put("reducedMotion", reducedMotion));
        assertThat(result.getBoolean("stayed")).as("a click at once does nothing").isTrue();
        assertThat(result.getJsonArray("focused")).as("nor is there a button for the keyboard").containsExactly("visible", "hidden");
        assertThat(result.getString("duration")).isEqualTo("0.5s");
        assertThat(Http.query(URI.create(result.getString("url")))).containsKey("code");
    }

    @Test
    void theServiceIsNamedByItsOwnMetadata() {
        OAuthClient client = client("127.0.0.1");
        String url = client.authorizationUrl(Pkce.fresh(), "resource", gatehouse.mcp(), "prompt", "consent");
        assertThat(browse("allow", client, new JsonObject().put("url", url)).getString("consent")).contains("Gatehouse MCP server", gatehouse.mcp());
    }

    @Test
    void allowWaitsAgainWhenItsWindowComesToTheFront() {
        OAuthClient client = client("127.0.0.1");
        JsonObject result = browse("refocused", client, new JsonObject().put("url", url(client, Pkce.fresh())));
        assertThat(result.getString("hit")).isEqualTo("late");
        assertThat(Http.query(URI.create(result.getString("url")))).containsKey("code");
        assertQuiet(result);
    }

    @Test
    void everyPageFitsTheSmallestPhoneAndDesktop() {
        OAuthClient unverified = registered();
        String code = new Devices(gatehouse).begin().getString("verification_uri_complete");
        JsonObject pages = new JsonObject().put("consent-1", url(unverified, Pkce.fresh(), "scope", "mcp:read"))
            .put("consent-5", url(unverified, Pkce.fresh(), ALL_SCOPES)).put("account", gatehouse.issuer() + "/account")
            .put("device", gatehouse.issuer() + "/device").put("deviceconsent", code).put("home", gatehouse.issuer() + "/")
            .put("mcp", gatehouse.mcp()).put("mcp-home", gatehouse.mcp().replace("/mcp", "/"));
        JsonObject settings = new JsonObject().put("url", url(client("127.0.0.1"), Pkce.fresh())).put("pages", pages)
            .put("deniedUrl", url(gatehouse.client().at("urn:ietf:wg:oauth:2.0:oob"), Pkce.fresh()));
        JsonObject overflow = browse("gallery", null, settings).getJsonObject("overflow");
        assertThat(overflow.fieldNames()).hasSize((pages.size() + 2) * 4).allSatisfy(page ->
            assertThat(overflow.getInteger(page)).as("pixels that stick out of " + page).isLessThanOrEqualTo(0));
    }

    /** One that registered itself, with links and a name of many characters. */
    private OAuthClient registered() {
        JsonObject request = new JsonObject().put("client_name", "An unverified assistant with a rather long name").put("token_endpoint_auth_method", "none")
            .put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback"))
            .put("tos_uri", "https://assistant.example/terms").put("policy_uri", "https://assistant.example/privacy");
        JsonObject answer = new JsonObject(Http.post(gatehouse.issuer() + "/oauth/register", "application/json", request.encode()).body());
        return new OAuthClient(gatehouse.issuer(), answer.getString("client_id"), null, "http://127.0.0.1:41100/callback");
    }

    private JsonObject browse(String action, OAuthClient client, JsonObject settings) {
        settings.put("chromium", Parts.chromium()).put("action", action)
            .put("username", "testuser").put("password", "testpass").put("screenshots", SCREENSHOTS.toString());
        if (client != null) {
            settings.put("until", client.redirectUri());
        }
        return NodeProgram.run("browser.mjs", settings, Map.of());
    }

    private OAuthClient client(String host) {
        return gatehouse.client().at("http://" + host + ":" + Ports.free() + "/callback");
    }

    /** Each request has its own resource, so that no earlier consent applies. */
    private String url(OAuthClient client, Pkce pkce, String... changes) {
        return client.authorizationUrl(pkce, Stream.concat(Stream.of("resource", RESOURCES + Pkce.random()), Stream.of(changes)).toArray(String[]::new));
    }

    private static void assertQuiet(JsonObject result) {
        assertThat(result.getJsonArray("console")).as("what the browser complained of")
            .noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("refused"))
            .noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("violates"));
    }
}
