package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Logins in a real Chromium through look-alikes of well-known identity providers and through a real oidc-provider. */
@Order(2)
final class FederationIT {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();
    private static final Map<Kind, String> BUTTONS = Map.of(Kind.ENTRA, "Microsoft", Kind.GOOGLE, "Google", Kind.GITHUB, "GitHub", Kind.OKTA, "Okta");

    @Test
    void aPersonSignsInThroughEachProviderAndOutAgain() throws IOException, JOSEException {
        int providerPort = Ports.free();
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("gatehouse-1").generate();
        Path keyFile = Product.scratch("key").resolve("provider.jwk");
        Files.writeString(keyFile, new JsonObject(key.toJSONObject()).put("alg", "ES256").encode());
        List<LookAlike> lookAlikes = Stream.of(Kind.GOOGLE, Kind.ENTRA, Kind.GITHUB, Kind.OKTA).map(FederationIT::lookAlike).toList();
        JsonArray entries = new JsonArray();
        lookAlikes.forEach(each -> entries.add(each.entry().put("domains", new JsonArray().add("example.com"))));
        entries.add(new JsonObject().put("name", "node").put("label", "oidc-provider").put("issuer", "http://localhost:" + providerPort)
            .put("clientId", "gatehouse").put("authentication", "private_key_jwt").put("privateKeyFile", keyFile.toString())
            .put("scopes", new JsonArray().add("openid").add("email").add("profile").add("groups")).put("createAccounts", true)
            .put("allowed", new JsonObject().put("groups", new JsonArray().add("engineers"))));
        // The codes are redeemed after all journeys.
        JsonObject settings = new JsonObject().put("identityProviders", entries).put("tokens", new JsonObject().put("authorizationCodeSeconds", 600));
        try (RunningGatehouse gatehouse = RunningGatehouse.inProcess(settings, new JsonObject())) {
            JsonObject provider = new JsonObject().put("port", providerPort).put("redirectUri", gatehouse.issuer() + "/oauth/callback/node")
                .put("afterLogout", gatehouse.issuer() + "/account").put("backChannel", gatehouse.issuer() + "/oauth/backchannel_logout/node")
                .put("jwk", new JsonObject(key.toJSONObject()));
            OAuthClient client = gatehouse.client().at("http://127.0.0.1:" + Ports.free() + "/callback");
            Map<String, Pkce> challenges = new HashMap<>();
            JsonObject result = NodeProgram.run("federation.mjs", new JsonObject().put("chromium", Parts.chromium())
                .put("screenshots", SCREENSHOTS.toString()).put("until", client.redirectUri()).put("provider", provider)
                .put("journeys", journeys(client, challenges)).put("look", new JsonObject().put("button", "Continue with Google")
                    .put("url", url(client, Pkce.fresh()))), Map.of());
            assertThat(result.getJsonArray("journeys")).hasSize(5).allSatisfy(each -> assertArrived(client, challenges, (JsonObject) each));
            JsonObject overflow = result.getJsonObject("overflow");
            assertThat(overflow.fieldNames()).hasSize(12).allSatisfy(page ->
                assertThat(overflow.getInteger(page)).as("pixels that stick out of " + page).isLessThanOrEqualTo(0));
            assertThat(result.getJsonArray("console")).as("what the browser complained of")
                .noneSatisfy(line -> assertThat(line.toString()).contains("form-action"));
        } finally {
            lookAlikes.forEach(LookAlike::close);
        }
    }

    private static LookAlike lookAlike(Kind kind) {
        LookAlike provider = new LookAlike(kind, Clock.systemUTC());
        String email = "ada@" + kind.name().toLowerCase(Locale.ROOT) + ".example";
        provider.add("ada", kind != Kind.GITHUB ? new JsonObject().put("sub", "1").put("name", "Ada").put("email", email).put("email_verified", true)
            : new JsonObject().put("user", new JsonObject().put("id", 1).put("login", "ada")).put("orgs", new JsonArray()).put("teams", new JsonArray())
                .put("emails", new JsonArray().add(new JsonObject().put("email", email).put("primary", true).put("verified", true))));
        return provider;
    }

    private static JsonArray journeys(OAuthClient client, Map<String, Pkce> challenges) {
        List<String> buttons = new ArrayList<>(Stream.of(Kind.GOOGLE, Kind.ENTRA, Kind.GITHUB, Kind.OKTA).map(BUTTONS::get).toList());
        buttons.add("oidc-provider");
        JsonArray journeys = new JsonArray();
        buttons.forEach(button -> {
            Pkce pkce = Pkce.fresh();
            challenges.put(button, pkce);
            JsonObject journey = new JsonObject().put("name", button).put("button", "Continue with " + button)
                .put("url", url(client, pkce));
            journeys.add(button.equals("oidc-provider") ? journey : journey.put("choose", "ada"));
        });
        return journeys;
    }

    /** Each request has its own resource, so that no earlier consent applies. */
    private static String url(OAuthClient client, Pkce pkce) {
        return client.authorizationUrl(pkce, "resource", "http://localhost:5993/" + Pkce.random());
    }

    private static void assertArrived(OAuthClient client, Map<String, Pkce> challenges, JsonObject journey) {
        String code = Http.query(URI.create(journey.getString("url"))).get("code");
        assertThat(client.redeem(code, challenges.get(journey.getString("name"))).statusCode()).as(journey.encode()).isEqualTo(200);
        assertThat(journey.getBoolean("loggedOut")).as(journey.encode()).isTrue();
        assertThat(journey.getString("account")).contains("Sign-in services");
    }
}
