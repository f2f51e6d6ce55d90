package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A disabled feature is absent from metadata, and its endpoints do not exist. The other features work. */
final class FeatureSwitchIT {
    private static final JsonObject OFF = new JsonObject().put("enabled", false);
    private static final Set<String> GRANTS = Set.of("urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange");
    private static final Map<String, String> ENDPOINTS = Map.of("registration_endpoint", "/oauth/register",
        "device_authorization_endpoint", "/oauth/device_authorization", "userinfo_endpoint", "/oauth/userinfo");
    private static final Set<String> MEMBERS = Set.of("client_id_metadata_document_supported", "end_session_endpoint",
        "id_token_signing_alg_values_supported", "subject_types_supported", "claims_supported",
        "authorization_grant_profiles_supported");
    private static RunningGatehouse bare;
    private static JsonObject metadata;

    @BeforeAll
    static void start() {
        JsonObject registration = new JsonObject().put("dynamic", OFF.copy()).put("documents", OFF.copy());
        bare = RunningGatehouse.inProcess(new JsonObject().put("registration", registration).put("openid", OFF.copy())
            .put("device", OFF.copy()).put("assertions", OFF.copy()).put("tokenExchange", OFF.copy()), new JsonObject());
        metadata = new JsonObject(Http.get(bare.issuer() + "/.well-known/oauth-authorization-server").body());
    }

    @AfterAll
    static void stop() {
        bare.close();
    }

    @Test
    void whatIsOffIsNeitherNamedNorServed() {
        assertThat(metadata.fieldNames()).doesNotContainAnyElementsOf(MEMBERS).doesNotContainAnyElementsOf(ENDPOINTS.keySet());
        ENDPOINTS.values().forEach(path -> {
            assertThat(Http.get(bare.issuer() + path).statusCode()).as("GET " + path).isEqualTo(404);
            assertThat(Http.postForm(bare.issuer() + path, Map.of("client_id", "x")).statusCode()).as("POST " + path).isEqualTo(404);
        });
        assertThat(Http.get(bare.issuer() + "/.well-known/openid-configuration").statusCode()).isEqualTo(404);
        assertThat(metadata.getJsonArray("scopes_supported")).doesNotContain("openid", "profile", "email");
    }

    @Test
    void grantsThatAreOffAreUnsupported() {
        OAuthClient client = bare.client();
        assertThat(metadata.getJsonArray("grant_types_supported"))
            .isEqualTo(JsonArray.of("authorization_code", "refresh_token", "client_credentials"));
        for (String grant : GRANTS) {
            assertThat(client.authenticated("/oauth/token", new LinkedHashMap<>(Map.of("grant_type", grant))).body())
                .as(grant).contains("unsupported_grant_type");
        }
    }

    @Test
    void documentThatIsOffNamesNoClient() {
        String url = bare.issuer() + "/oauth/authorize?response_type=code&client_id=https%3A%2F%2Fclient.example%2Fclient.json";
        assertThat(Http.get(url).statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsLeftWorks() {
        assertThat(bare.active(bare.tokens().access())).isTrue();
        OAuthClient own = Commands.addConfidentialClient(bare, "http://127.0.0.1/callback");
        assertThat(own.refresh(bare.journey().tokens(own).refresh()).statusCode()).isEqualTo(200);
        assertThat(List.of(metadata.getString("token_endpoint"), metadata.getString("authorization_endpoint")))
            .allSatisfy(endpoint -> assertThat(endpoint).startsWith(bare.issuer()));
    }
}
