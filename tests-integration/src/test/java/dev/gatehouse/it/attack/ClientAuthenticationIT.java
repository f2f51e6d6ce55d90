package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Clients that are not who they say (OAuth 2.1 §2.4, §3.2). */
@Gatehouse
final class ClientAuthenticationIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    ClientAuthenticationIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void wrongSecretByBasicIsChallenged() {
        HttpResponse<String> refused = post(Map.of(), OAuthClient.basic(client.id(), "wrong"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic");
        assertThat(error(refused)).isEqualTo("invalid_client");
        assertThat(post(Map.of(), OAuthClient.basic(client.id(), client.secret())).statusCode()).isEqualTo(200);
    }

    @Test
    void unknownClientLooksLikeAWrongSecret() {
        HttpResponse<String> unknown = post(Map.of(), OAuthClient.basic("nobody", "wrong"));
        HttpResponse<String> wrong = post(Map.of(), OAuthClient.basic(client.id(), "wrong"));
        assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode());
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test
    void twoMethodsAtOnceAreRefused() {
        HttpResponse<String> refused = post(Map.of("client_secret", client.secret()),
            OAuthClient.basic(client.id(), client.secret()));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error(refused)).isEqualTo("invalid_request");
    }

    @Test
    void bodyMayNameTheAuthenticatedClientAndNoOther() {
        String basic = OAuthClient.basic(client.id(), client.secret());
        assertThat(post(Map.of("client_id", client.id()), basic).statusCode()).isEqualTo(200);
        assertThat(post(Map.of("client_id", "another"), basic).statusCode()).isIn(400, 401);
    }

    @Test
    void confidentialClientCannotGoWithoutItsSecret() {
        HttpResponse<String> refused = post(Map.of("client_id", client.id()), null);
        assertThat(refused.statusCode()).isIn(400, 401);
        assertThat(error(refused)).isEqualTo("invalid_client");
    }

    @Test
    void publicClientCannotSendASecret() {
        OAuthClient open = gatehouse.publicClient();
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", "ghr_x"));
        assertThat(error(open.authenticated("/oauth/token", form))).isEqualTo("invalid_grant");
        form.put("client_secret", "anything");
        assertThat(error(open.authenticated("/oauth/token", form))).isEqualTo("invalid_client");
    }

    @Test
    void credentialsInTheQueryDoNotCount() {
        String url = client.tokenUrl() + "?client_id=" + client.id() + "&client_secret=" + client.secret();
        HttpResponse<String> refused = Http.postForm(url, Map.of("grant_type", "client_credentials"));
        assertThat(refused.statusCode()).isIn(400, 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic !!!", "Basic bm9jb2xvbg==", "Basic Og==", "Bearer x", "Digest x"})
    void malformedAuthorizationIsRefused(String authorization) {
        HttpResponse<String> refused = post(Map.of(), authorization);
        assertThat(refused.statusCode()).as(refused.body()).isIn(400, 401);
        assertThat(error(refused)).isIn("invalid_client", "invalid_request");
    }

    @Test
    void secretWithoutSpecialCharactersNeedsNoFormEncoding() {
        String pair = Base64.getEncoder().encodeToString((client.id() + ":" + client.secret())
            .getBytes(StandardCharsets.UTF_8));
        assertThat(post(Map.of(), "Basic " + pair).statusCode()).isEqualTo(200);
        assertThat(post(Map.of(), "basic " + pair).statusCode()).as("scheme names ignore case").isEqualTo(200);
    }

    private HttpResponse<String> post(Map<String, String> fields, String authorization) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "client_credentials"));
        form.putAll(fields);
        return authorization == null ? Http.postForm(client.tokenUrl(), form)
            : Http.postForm(client.tokenUrl(), form, "Authorization", authorization);
    }

    private static String error(HttpResponse<String> response) {
        return new JsonObject(response.body()).getString("error");
    }
}
