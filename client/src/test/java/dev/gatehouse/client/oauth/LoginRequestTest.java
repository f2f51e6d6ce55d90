package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.http.CallException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;

final class LoginRequestTest {

    private static final String ISSUER = "https://as.example";

    private static JsonObject metadata() {
        return new JsonObject().put("issuer", ISSUER).put("authorization_endpoint", ISSUER + "/authorize").put("token_endpoint", ISSUER + "/token")
            .put("code_challenge_methods_supported", JsonArray.of("S256"));
    }

    private static LoginRequest request(JsonObject metadata) {
        return LoginRequest.create(AuthorizationServer.of(ISSUER, metadata), "client", "http://127.0.0.1:1/callback", "https://rs.example/mcp", "a b");
    }

    private static Map<String, String> response(LoginRequest request, String... more) {
        Map<String, String> response = new HashMap<>(Map.of("code", "c", "state", request.state()));
        for (int i = 0; i < more.length; i += 2) {
            response.put(more[i], more[i + 1]);
        }
        return response;
    }

    @Test
    void carriesPkceResourceAndState() {
        LoginRequest request = request(metadata());
        assertThat(request.url().toString()).startsWith(ISSUER + "/authorize?response_type=code&client_id=client")
            .contains("code_challenge_method=S256").contains("resource=https%3A%2F%2Frs.example%2Fmcp").contains("scope=a+b")
            .contains("state=" + request.state()).doesNotContain(request.verifier());
        assertThat(request.redemption("c")).containsEntry("code_verifier", request.verifier()).containsEntry("resource", "https://rs.example/mcp");
        assertThat(request.toString()).doesNotContain(request.verifier()).doesNotContain(request.state());
    }

    @Test
    void aServerThatDoesNotListS256IsNotUsed() {
        JsonObject plain = metadata().put("code_challenge_methods_supported", JsonArray.of("plain"));
        assertThatThrownBy(() -> request(plain)).isInstanceOf(OAuthFailure.class).hasMessageContaining("S256");
    }

    @Test
    void takesTheCodeOfItsOwnResponse() {
        LoginRequest request = request(metadata());
        assertThat(request.codeOf(response(request))).isEqualTo("c");
        assertThat(request.codeOf(response(request, "iss", ISSUER))).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "https://as.example/", "HTTPS://as.example", "https://as.example:443", ""})
    void anIssuerThatDiffersByALetterIsRefused(String issuer) {
        LoginRequest request = request(metadata());
        assertThatThrownBy(() -> request.codeOf(response(request, "iss", issuer))).isInstanceOf(OAuthFailure.class).hasMessageContaining("RFC 9207");
    }

    @Test
    void aMissingIssuerIsRefusedWhereTheServerPromisesIt() {
        LoginRequest request = request(metadata().put("authorization_response_iss_parameter_supported", true));
        assertThatThrownBy(() -> request.codeOf(response(request))).isInstanceOf(OAuthFailure.class).hasMessageContaining("RFC 9207");
        assertThat(request.codeOf(response(request, "iss", ISSUER))).isEqualTo("c");
    }

    @Test
    void theErrorOfAnotherIssuerIsNotShown() {
        LoginRequest request = request(metadata());
        assertThatThrownBy(() -> request.codeOf(response(request, "iss", "https://evil.example", "error", "call_this_number")))
            .isInstanceOf(OAuthFailure.class).message().doesNotContain("call_this_number");
        assertThatThrownBy(() -> request.codeOf(response(request, "iss", ISSUER, "error", "access_denied")))
            .isInstanceOf(OAuthFailure.class).hasMessageContaining("access_denied");
    }

    @Test
    void aForeignStateIsRefused() {
        LoginRequest request = request(metadata());
        assertThatThrownBy(() -> request.codeOf(response(request, "state", "other"))).isInstanceOf(OAuthFailure.class).hasMessageContaining("state");
    }

    @Test
    void metadataOfAnotherIssuerOrWithAnEndpointInTheClearIsRefused() {
        assertThatThrownBy(() -> AuthorizationServer.of(ISSUER + "/", metadata())).isInstanceOf(OAuthFailure.class).hasMessageContaining("RFC 8414");
        assertThatThrownBy(() -> AuthorizationServer.of(ISSUER, metadata().put("token_endpoint", "http://as.example/token")))
            .isInstanceOf(CallException.class).hasMessageContaining("token_endpoint");
        assertThat(AuthorizationServer.of(ISSUER, metadata()).tokenEndpoint()).hasToString(ISSUER + "/token");
    }
}
