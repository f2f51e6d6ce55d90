package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Http;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Login and consent in a real Chromium, which enforces what the pages' policies say. */
@Gatehouse
final class BrowserIT {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();
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

    private JsonObject browse(String action, OAuthClient client, JsonObject settings) {
        settings.put("chromium", Parts.chromium().toString()).put("action", action)
            .put("username", "testuser").put("password", "testpass").put("screenshots", SCREENSHOTS.toString());
        if (client != null) {
            settings.put("until", client.redirectUri());
        }
        return NodeProgram.run("browser.mjs", settings, Map.of());
    }

    private OAuthClient client(String host) {
        return gatehouse.client().at("http://" + host + ":" + Product.freePort() + "/callback");
    }

    /** For a resource of its own, so that no earlier consent is remembered for it. */
    private String url(OAuthClient client, Pkce pkce) {
        return client.authorizationUrl(pkce, "resource", RESOURCES + Pkce.random());
    }

    private static void assertQuiet(JsonObject result) {
        assertThat(result.getJsonArray("console")).as("what the browser complained of")
            .noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("refused"))
            .noneSatisfy(line -> assertThat(line.toString()).containsIgnoringCase("violates"));
    }
}
