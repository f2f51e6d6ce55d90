package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.Map;

/**
 * Faulty authorization requests whose redirect is good: each comes back to the client as the error it is (OAuth 2.1
 * §4.1.2.1).
 */
@Gatehouse
final class AuthorizationRequestIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    AuthorizationRequestIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {
        "code_challenge, absent, invalid_request", "code_challenge_method, plain, invalid_request",
        "code_challenge_method, absent, invalid_request", "code_challenge_method, s256, invalid_request",
        "code_challenge_method, S512, invalid_request", "code_challenge, 'with space', invalid_request",
        "response_type, absent, invalid_request", "response_type, token, unsupported_response_type",
        "response_type, id_token, unsupported_response_type", "response_type, code token, unsupported_response_type",
        "response_mode, fragment, invalid_request", "response_mode, form_post.jwt, invalid_request",
        "response_mode, web_message, invalid_request", "scope, mcp:admin, invalid_scope",
        "scope, mcp:read mcp:admin, invalid_scope", "scope, 'mcp:read \"x\"', invalid_scope",
        "resource, http://evil.test/mcp, invalid_target", "resource, mcp, invalid_target",
        "resource, http://localhost:8001/mcp#x, invalid_target", "request, e30.e30., request_not_supported",
        "request_uri, https://evil.test/r, request_uri_not_supported"})
    void faultComesBackAsItsError(String parameter, String value, String error) {
        Pkce pkce = Pkce.fresh();
        Map<String, String> query = refused(client.authorizationUrl(pkce, parameter, value));
        assertThat(query).containsEntry("error", error).containsEntry("iss", gatehouse.issuer())
            .containsEntry("state", "state-" + pkce.challenge()).doesNotContainKeys("code", "access_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "scope", "code_challenge", "response_type", "code_challenge_method"})
    void duplicatedParameterComesBackAsInvalidRequest(String name) {
        Map<String, String> query = refused(client.authorizationUrl(Pkce.fresh()) + "&" + name + "=x");
        assertThat(query).containsEntry("error", "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%+ &=?#\"'<>äöü€😀", "a/b:c;d,e|f~g", " leading and trailing "})
    void stateComesBackByteForByteOnSuccessAndOnError(String state) {
        Map<String, String> success = Http.query(gatehouse.journey()
            .allow(client.authorizationUrl(Pkce.fresh(), "state", state)));
        assertThat(success).containsEntry("state", state).containsKey("code");
        Map<String, String> error = refused(client.authorizationUrl(Pkce.fresh(), "state", state, "response_type",
            "token"));
        assertThat(error).containsEntry("state", state).containsKey("error");
    }

    @Test
    void longStateComesBackWhole() {
        String state = "s".repeat(2048);
        Map<String, String> query = Http.query(gatehouse.journey()
            .allow(client.authorizationUrl(Pkce.fresh(), "state", state)));
        assertThat(query).containsEntry("state", state);
    }

    @Test
    void stateThatWasNotSentDoesNotComeBack() {
        Map<String, String> query = Http.query(gatehouse.journey()
            .allow(client.authorizationUrl(Pkce.fresh(), "state", null)));
        assertThat(query).containsKey("code").doesNotContainKey("state");
    }

    @Test
    void unknownAndEmptyParametersAreIgnored() {
        String url = client.authorizationUrl(Pkce.fresh(), "foo", "bar", "response_mode", "", "resource", "");
        assertThat(Http.query(gatehouse.journey().allow(url))).containsKey("code");
    }

    @Test
    void promptNoneNeverShowsAPage() {
        Map<String, String> query = refusedAtOnce(client.authorizationUrl(Pkce.fresh(), "prompt", "none"));
        assertThat(query.get("error")).isIn("login_required", "interaction_required");
    }

    @Test
    void promptNoneCannotStandBesideAnother() {
        assertThat(refused(client.authorizationUrl(Pkce.fresh(), "prompt", "none login")))
            .containsEntry("error", "invalid_request");
    }

    @Test
    void promptLoginAsksAgainInALiveSession() {
        Journey journey = gatehouse.journey();
        journey.allow(client.authorizationUrl(Pkce.fresh()));
        assertThat(journey.browser().open(client.authorizationUrl(Pkce.fresh())).asksForPassword()).isFalse();
        assertThat(journey.browser().open(client.authorizationUrl(Pkce.fresh(), "prompt", "login"))
            .asksForPassword()).isTrue();
    }

    /** The error that the client gets, at once or behind the login (OAuth 2.1 §7.13.2 allows either). */
    private Map<String, String> refused(String url) {
        Journey journey = gatehouse.journey();
        Page page = journey.login(url);
        URI redirect = page.redirect();
        assertThat(redirect).as("%s instead of a redirect:\n%s", page.status(), page.body()).isNotNull();
        assertThat(redirect.toString()).startsWith(OAuthClient.CALLBACK + "?");
        return Http.query(redirect);
    }

    private Map<String, String> refusedAtOnce(String url) {
        Page page = gatehouse.journey().browser().open(url);
        assertThat(page.redirect()).as(page.body()).isNotNull();
        return Http.query(page.redirect());
    }
}
