package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Both discovery documents (RFC 8414, RFC 9728), and that they tell the truth. */
@Gatehouse
final class MetadataIT {
    private static final String AS = "/.well-known/oauth-authorization-server";
    private static final String PRM = "/.well-known/oauth-protected-resource";
    private final RunningGatehouse gatehouse;

    MetadataIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void issuerIsTheAddressItIsFoundUnder() {
        HttpResponse<String> response = Http.get(gatehouse.issuer() + AS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(authorizationServer().getString("issuer")).isEqualTo(gatehouse.issuer());
    }

    @Test
    void capabilitiesAreExactlyWhatIsThere() {
        JsonObject metadata = authorizationServer();
        assertThat(metadata.getJsonArray("code_challenge_methods_supported")).isEqualTo(new JsonArray().add("S256"));
        assertThat(metadata.getJsonArray("response_types_supported")).isEqualTo(new JsonArray().add("code"));
        assertThat(metadata.getBoolean("authorization_response_iss_parameter_supported")).isTrue();
        assertThat(metadata.getJsonArray("grant_types_supported")).contains("authorization_code", "refresh_token",
            "client_credentials").doesNotContain("password", "implicit");
        assertThat(metadata.getJsonArray("token_endpoint_auth_methods_supported"))
            .containsExactlyInAnyOrder("client_secret_basic", "client_secret_post", "private_key_jwt", "none");
        assertThat(metadata.getJsonArray("scopes_supported"))
            .containsExactlyInAnyOrder("mcp:read", "mcp:write", "openid", "profile", "email");
    }

    @Test
    void everyNamedEndpointAnswers() {
        JsonObject metadata = authorizationServer();
        for (String name : metadata.fieldNames()) {
            boolean endpoint = name.endsWith("_endpoint") || name.equals("jwks_uri");
            if (endpoint) {
                assertThat(Http.get(metadata.getString(name)).statusCode()).as(name).isNotEqualTo(404).isLessThan(500);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PRM, PRM + "/mcp"})
    void protectedResourceNamesItselfAndItsAuthorizationServer(String path) {
        HttpResponse<String> response = Http.get(gatehouse.mcpOrigin() + path);
        assertThat(response.statusCode()).isEqualTo(200);
        JsonObject metadata = new JsonObject(response.body());
        assertThat(metadata.getString("resource")).isEqualTo(gatehouse.mcp());
        assertThat(metadata.getJsonArray("authorization_servers")).isEqualTo(new JsonArray().add(gatehouse.issuer()));
        assertThat(metadata.getJsonArray("bearer_methods_supported")).isEqualTo(new JsonArray().add("header"));
        assertThat(metadata.getJsonArray("scopes_supported")).contains("mcp:read").doesNotContain("offline_access");
    }

    @Test
    void documentsAreReadableAcrossOriginsAndCachedForABoundedTime() {
        for (String url : new String[] {gatehouse.issuer() + AS, gatehouse.mcpOrigin() + PRM}) {
            HttpResponse<String> response = Http.get(url, "Origin", "https://app.example");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).as(url).hasValue("*");
            assertThat(response.headers().firstValue("Access-Control-Allow-Credentials")).as(url).isEmpty();
            assertThat(response.headers().firstValue("Cache-Control").orElse("")).as(url).contains("max-age=");
        }
    }

    @Test
    void documentsAreOnlyRead() {
        for (String url : new String[] {gatehouse.issuer() + AS, gatehouse.mcpOrigin() + PRM}) {
            HttpResponse<String> response = Http.postForm(url, Map.of());
            assertThat(response.statusCode()).as(url).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow").orElse("")).as(url).contains("GET");
        }
    }

    @Test
    void authorizeEndpointSendsNoCorsHeaders() {
        String url = gatehouse.issuer() + "/oauth/authorize";
        HttpResponse<String> get = Http.get(url, "Origin", "https://app.example");
        HttpResponse<String> preflight = Http.options(url, "Origin", "https://app.example",
            "Access-Control-Request-Method", "GET");
        assertThat(get.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/token", "/oauth/revoke"})
    void browserClientsMayCallTheBackChannel(String path) {
        HttpResponse<String> preflight = Http.options(gatehouse.issuer() + path, "Origin", "https://app.example",
            "Access-Control-Request-Method", "POST",
            "Access-Control-Request-Headers", "authorization,content-type,mcp-protocol-version");
        assertThat(preflight.statusCode()).isIn(200, 204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isPresent();
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
            .containsIgnoringCase("authorization").containsIgnoringCase("content-type")
            .containsIgnoringCase("mcp-protocol-version");
    }

    private JsonObject authorizationServer() {
        return new JsonObject(Http.get(gatehouse.issuer() + AS).body());
    }

    @Test
    void bothServersAnswerOtherMethodsAndPathsInOneForm() {
        String authz = gatehouse.issuer();
        String mcp = gatehouse.mcpOrigin();
        for (String url : List.of(authz + AS, mcp + PRM)) {
            assertThat(Http.get(url).statusCode()).as(url).isEqualTo(200);
            HttpResponse<String> refused = Http.postForm(url, Map.of());
            String allowed = refused.headers().firstValue("Allow").orElseThrow();
            assertThat(refused.statusCode()).as(url).isEqualTo(405);
            assertThat(new JsonObject(refused.body())).isEqualTo(new JsonObject().put("error", "invalid_request")
                .put("error_description", "Method not allowed; allowed: " + allowed));
        }
        for (String url : List.of(authz + "/nonesuch", mcp + "/nonesuch")) {
            HttpResponse<String> unknown = Http.get(url);
            assertThat(unknown.statusCode()).as(url).isEqualTo(404);
            assertThat(new JsonObject(unknown.body())).isEqualTo(new JsonObject().put("error", "not_found").put("error_description", "Not found"));
        }
    }
}
