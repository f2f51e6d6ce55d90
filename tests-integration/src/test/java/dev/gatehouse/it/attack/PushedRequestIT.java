package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests that clients push before they send a browser, and what must not come of them (RFC 9126). */
@Gatehouse
final class PushedRequestIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    PushedRequestIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void pushedRequestIsAnsweredOnce() {
        Pkce pkce = Pkce.fresh();
        HttpResponse<String> answer = push(client, pkce);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject pushed = new JsonObject(answer.body());
        assertThat(pushed.getInteger("expires_in")).isBetween(5, 600);
        String url = address(client, pushed.getString("request_uri"));
        assertThat(Http.get(url).statusCode()).as("a page that is reloaded is the same page").isEqualTo(200);
        URI landed = gatehouse.journey().allow(url);
        assertThat(Http.query(landed)).containsEntry("state", "pushed").containsEntry("iss", gatehouse.issuer());
        HttpResponse<String> redeemed = client.redeem(Http.query(landed).get("code"), pkce);
        assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
        HttpResponse<String> again = Http.get(url);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void twoTabsWithOneRequestGetOneCode() {
        OAuthClient asking = gatehouse.publicClient();
        String url = address(asking, uri(push(asking, Pkce.fresh())));
        Journey journey = gatehouse.journey();
        Page first = journey.login(url);
        Page second = journey.browser().open(url);
        assertThat(journey.browser().submit(first, first.button("allow|approve")).redirect()).isNotNull();
        assertThat(journey.browser().submit(second, second.button("allow|approve")).redirect()).isNull();
    }

    @Test
    void refusalIsTheAnswerToo() {
        OAuthClient asking = gatehouse.publicClient();
        String url = address(asking, uri(push(asking, Pkce.fresh())));
        assertThat(Http.query(gatehouse.journey().deny(url))).containsEntry("error", "access_denied");
        assertThat(Http.get(url).statusCode()).isEqualTo(400);
    }

    @Test
    void otherClientCannotBringIt() {
        Pkce pkce = Pkce.fresh();
        String uri = uri(push(client, pkce));
        assertThat(Http.get(address(gatehouse.publicClient(), uri)).statusCode()).isEqualTo(400);
        assertThat(Http.query(gatehouse.journey().allow(address(client, uri)))).containsKey("code");
    }

    @Test
    void whatTheBrowserAddsIsIgnored() {
        Pkce pkce = Pkce.fresh();
        String url = address(client, uri(push(client, pkce))) + "&redirect_uri=https%3A%2F%2Fevil.example%2F&state=forged&scope=admin"
            + "&code_challenge=forged";
        URI landed = gatehouse.journey().allow(url);
        assertThat(landed.toString()).startsWith(client.redirectUri());
        assertThat(Http.query(landed)).containsEntry("state", "pushed");
        assertThat(client.redeem(Http.query(landed).get("code"), pkce).statusCode()).isEqualTo(200);
    }

    @Test
    void faultyRequestIsRefusedWhenItIsPushed() {
        requireRefused(push(client, Pkce.fresh(), "redirect_uri", "https://evil.example/"), "invalid_request");
        requireRefused(push(client, Pkce.fresh(), "code_challenge", null), "invalid_request");
        requireRefused(push(client, Pkce.fresh(), "code_challenge_method", "plain"), "invalid_request");
        requireRefused(push(client, Pkce.fresh(), "scope", "admin"), "invalid_scope");
        requireRefused(push(client, Pkce.fresh(), "resource", "https://elsewhere.example/mcp"), "invalid_target");
        requireRefused(push(client, Pkce.fresh(), "response_type", "token"), "unsupported_response_type");
        requireRefused(push(client, Pkce.fresh(), "request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request");
        requireRefused(push(client, Pkce.fresh(), "request", "e30.e30."), "request_not_supported");
        assertThat(push(client, Pkce.fresh()).statusCode()).isEqualTo(201);
    }

    @Test
    void clientProvesWhoItIsAsAtTheTokenEndpoint() {
        OAuthClient wrong = new OAuthClient(client.issuer(), client.id(), "wrong", client.redirectUri());
        assertThat(push(wrong, Pkce.fresh()).statusCode()).isEqualTo(401);
        OAuthClient none = new OAuthClient(client.issuer(), client.id(), null, client.redirectUri());
        assertThat(push(none, Pkce.fresh()).statusCode()).isEqualTo(401);
        assertThat(push(gatehouse.publicClient(), Pkce.fresh()).statusCode()).isEqualTo(201);
        assertThat(Http.get(gatehouse.issuer() + "/oauth/par").statusCode()).isEqualTo(405);
    }

    @Test
    void unknownReferenceIsAPageAndNoRedirect() {
        HttpResponse<String> answer = Http.get(address(client, "urn:ietf:params:oauth:request_uri:unknown"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void whereRequestsHaveToBePushedOthersAreRefusedAndExpiredOnesToo() {
        JsonObject settings = new JsonObject().put("pushedRequests", new JsonObject().put("required", true).put("lifetimeSeconds", 5));
        try (RunningGatehouse strict = RunningGatehouse.inProcess(settings, new JsonObject())) {
            OAuthClient strictClient = strict.client();
            JsonObject metadata = new JsonObject(Http.get(strict.issuer() + "/.well-known/oauth-authorization-server").body());
            assertThat(metadata.getBoolean("require_pushed_authorization_requests")).isTrue();
            HttpResponse<String> plain = Http.get(strictClient.authorizationUrl(Pkce.fresh()));
            assertThat(plain.headers().firstValue("Location")).hasValueSatisfying(to -> assertThat(to).contains("error=invalid_request"));
            String url = address(strictClient, uri(push(strictClient, Pkce.fresh())));
            assertThat(Http.query(strict.journey().allow(url))).containsKey("code");
            String late = address(strictClient, uri(push(strictClient, Pkce.fresh())));
            Eventually.holds("the request expires", Duration.ofSeconds(20),
                () -> Http.get(late).statusCode() == 400);
        }
    }

    private static HttpResponse<String> push(OAuthClient by, Pkce pkce, String... changes) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("response_type", "code", "client_id", by.id(), "redirect_uri", by.redirectUri(),
            "scope", OAuthClient.SCOPES, "state", "pushed", "code_challenge", pkce.challenge(), "code_challenge_method", "S256"));
        return by.authenticated("/oauth/par", OAuthClient.change(form, changes));
    }

    private static String uri(HttpResponse<String> pushed) {
        assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(201);
        return new JsonObject(pushed.body()).getString("request_uri");
    }

    private static String address(OAuthClient by, String uri) {
        return by.issuer() + "/oauth/authorize?" + Http.encode(new LinkedHashMap<>(Map.of("client_id", by.id(), "request_uri", uri)));
    }

    private static void requireRefused(HttpResponse<String> answer, String error) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(error);
    }
}
