package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;

/** Sending the code, or the user, to somewhere that was not registered (RFC 9700 §4.1, OAuth 2.1 §2.3.1). */
@Gatehouse
final class RedirectUriIT {
    private final OAuthClient client;

    RedirectUriIT(RunningGatehouse gatehouse) {
        client = gatehouse.client();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "http://localhost:3000/callback?x=1", "http://localhost:3000/callback/x", "http://localhost:3000/callback/",
        "http://localhost:3000/Callback", "http://localhost:3000/%63allback/%2e%2e",
            "http://localhost:3000/x/..;/callback",
        "http://localhost:3000\\callback", "http://localhost:3000/callback#x", "https://localhost:3000/callback",
        "http://sub.localhost:3000/callback", "http://localhost.evil.test:3000/callback",
        "http://localhost@evil.test/callback", "http://localhost:3000@evil.test/callback",
        "http://127.0.0.1.evil.test/callback", "http://evil.test/callback", "http://localhost:99999/callback",
        "http://user@localhost:3000/callback", "ftp://localhost:3000/callback", "//localhost:3000/callback",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "\tjavascript:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "blob:http://localhost:3000/x", "callback", "", "urn:ietf:wg:oauth:2.0:oob:auto",
        "http://0.0.0.0:3000/callback", "http://2130706433:3000/callback", "http://localhost:3000/callback%00",
        "http://localhost:3000/callback\r\nX-Injected: 1"})
    void unregisteredRedirectIsRefusedOnAPageOfOurOwn(String redirectUri) {
        HttpResponse<String> response = Http.get(client.at(redirectUri).authorizationUrl(Pkce.fresh()));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("Location")).isEmpty();
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    }

    @Test
    void registeredRedirectIsAccepted() {
        assertThat(Http.get(client.authorizationUrl(Pkce.fresh())).statusCode()).isEqualTo(200);
    }

    @Test
    void missingRedirectIsRefusedWhereSeveralAreRegistered() {
        HttpResponse<String> response = Http.get(client.authorizationUrl(Pkce.fresh(), "redirect_uri", null));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Location")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "", "<script>alert(1)</script>", "mcp-test-client\u0000"})
    void unknownClientIsRefusedWithoutEchoingIt(String clientId) {
        HttpResponse<String> response = Http.get(client.authorizationUrl(Pkce.fresh(), "client_id", clientId));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Location")).isEmpty();
        assertThat(response.body()).doesNotContain("<script>alert");
    }

    @Test
    void unknownClientIsNamedAsTheGuideSays() {
        HttpResponse<String> response = Http.get(client.authorizationUrl(Pkce.fresh(), "client_id", "nobody"));
        assertThat(response.body()).containsIgnoringCase("client_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "redirect_uri"})
    void duplicatedTargetIsRefusedOnAPageOfOurOwn(String name) {
        String url = client.authorizationUrl(Pkce.fresh());
        String again = Http.encode(name.equals("client_id") ? client.id() : client.redirectUri());
        HttpResponse<String> response = Http.get(url + "&" + name + "=" + again);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Location")).isEmpty();
    }
}
