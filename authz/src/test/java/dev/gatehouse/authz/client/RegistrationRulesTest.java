package dev.gatehouse.authz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.client.RegistrationRules.Bounds;
import dev.gatehouse.authz.client.RegistrationRules.Registrable;
import dev.gatehouse.authz.client.RegistrationRules.ScopeRule;
import dev.gatehouse.authz.client.RequestedMetadata.Omission;
import dev.gatehouse.fixtures.RsaKeys;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

/** The metadata that is registered and the metadata that is ignored. */
final class RegistrationRulesTest {

    private static final String GOOD = "https://app.example/cb";
    private static final RegistrationRules RULES = rules(Set.of());
    private static final JsonObject KEY = SigningKey.generate(SigningAlgorithm.ES256).publicJwk();

    private static RegistrationRules rules(Set<String> schemes) {
        return new RegistrationRules(new Bounds(Set.of(ClientAuthMethod.values()), Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC), false,
            Set.of("authorization_code", "refresh_token", GrantType.DEVICE_CODE.wireName(), "client_credentials"), GrantType.USUAL,
            List.of("mcp:read", "mcp:write"), ScopeRule.NAMED_OR_ALL, false, schemes, false, "ES256"));
    }

    private static Registrable check(JsonObject changes) {
        return RULES.check(RequestedMetadata.of(new JsonObject().put("redirect_uris", new JsonArray().add(GOOD)).mergeIn(changes)));
    }

    private static JsonObject registered(String member, Object value) {
        return check(new JsonObject().put(member, value)).description().toJson();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00A0", "\u2003\u00A0", "\u202F", "\u3000\u2007"})
    void aNameThatShowsNothingIsNone(String name) {
        assertThat(registered("client_name", name).containsKey("client_name")).isFalse();
        assertThat(registered("client_name", name + "Notes").getString("client_name")).endsWith("Notes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        client_name | 7
        client_name | ["a"]
        client_name | "a\\u0000b"
        client_uri | "http://app.example/"
        client_uri | "myapp://home"
        client_uri | "javascript:alert(1)"
        logo_uri | "http://app.example/logo.png"
        logo_uri | "data:image/png;base64,AA"
        logo_uri | {"url": "https://app.example/logo.png"}
        tos_uri | "/terms"
        policy_uri | "https://user@app.example/"
        jwks_uri | "https://10.0.0.1/jwks"
        jwks | {"keys": []}
        jwks | {"keys": [{"kty": "XYZ"}]}
        jwks | {"keys": "none"}
        jwks | []
        contacts | "me@app.example"
        software_id | 4
        application_type | "browser"
        dpop_bound_access_tokens | "yes"
        token_endpoint_auth_signing_alg | "HS256"
        request_object_signing_alg | "none"
        userinfo_signed_response_alg | "HS256"
        require_signed_request_object | "yes"
        post_logout_redirect_uris | ["http://evil.example/"]
        tls_client_auth_subject_dn | "nonsense"
        """)
    void optionalMemberThatCannotBeUsedIsLeftOutAndSaid(String member, String value) {
        Registrable decided = check(new JsonObject().put(member, new JsonObject("{\"value\": " + value + "}").getValue("value")));
        assertThat(decided.description().toJson().containsKey(member)).isFalse();
        assertThat(decided.omissions()).extracting(Omission::member).contains(member);
        assertThat(decided.description().redirectUris()).containsExactly(GOOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri", "jwks", "contacts", "scope",
        "grant_types", "response_types", "token_endpoint_auth_method", "application_type", "software_id", "software_version",
        "post_logout_redirect_uris", "dpop_bound_access_tokens", "token_endpoint_auth_signing_alg", "id_token_signed_response_alg"})
    void nullIsTheSameAsLeftOut(String member) {
        Registrable decided = check(new JsonObject().putNull(member));
        assertThat(decided.description()).isEqualTo(check(new JsonObject()).description());
        assertThat(decided.omissions()).isEmpty();
    }

    @Test
    void nullAmongRedirectUrisIsPassedOver() {
        assertThat(registered("redirect_uris", new JsonArray().addNull().add(GOOD)).getJsonArray("redirect_uris")).containsExactly(GOOD);
    }

    @Test
    void grantAndResponseTypesThatAreUnknownAreLeftOutBesideGoodOnes() {
        JsonArray grants = new JsonArray().add("authorization_code").add("implicit").add("password").add("urn:example:grant");
        assertThat(registered("grant_types", grants).getJsonArray("grant_types")).containsExactly("authorization_code");
        assertThat(registered("response_types", new JsonArray().add("code").add("id_token token")).getJsonArray("response_types")).containsExactly("code");
        assertThat(registered("grant_types", new JsonArray()).getJsonArray("grant_types")).containsExactly("authorization_code", "refresh_token");
    }

    @Test
    void grantThatAPublicClientCannotUseIsLeftOut() {
        JsonObject sent = new JsonObject().put("token_endpoint_auth_method", "none")
            .put("grant_types", new JsonArray().add("authorization_code").add("client_credentials"));
        assertThat(check(sent).description().grantTypes()).containsExactly("authorization_code");
    }

    @Test
    void deviceNeedsNoRedirectUriThoughItNamesTheOtherGrantToo() {
        JsonObject sent = new JsonObject().put("redirect_uris", new JsonArray())
            .put("grant_types", new JsonArray().add("authorization_code").add(GrantType.DEVICE_CODE.wireName()));
        assertThat(check(sent).description().grantTypes()).containsExactly(GrantType.DEVICE_CODE.wireName());
        assertThatThrownBy(() -> check(sent.copy().put("redirect_uris", new JsonArray().add("javascript:x")))).isInstanceOf(OAuthException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        redirect_uris | [] | invalid_redirect_uri
        redirect_uris | "https://app.example/cb" | invalid_redirect_uri
        redirect_uris | ["javascript:alert(1)"] | invalid_redirect_uri
        redirect_uris | ["myapp://callback", "http://app.example/cb"] | invalid_redirect_uri
        redirect_uris | ["urn:ietf:wg:oauth:2.0:oob"] | invalid_redirect_uri
        grant_types | ["implicit"] | invalid_client_metadata
        grant_types | ["refresh_token"] | invalid_client_metadata
        response_types | ["token"] | invalid_client_metadata
        token_endpoint_auth_method | "client_secret_jwt" | invalid_client_metadata
        token_endpoint_auth_method | "private_key_jwt" | invalid_client_metadata
        token_endpoint_auth_method | "tls_client_auth" | invalid_client_metadata
        jwks | {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]} | invalid_client_metadata
        """)
    void onlyWhatLeavesNothingUsableRefuses(String member, String value, String error) {
        Object parsed = new JsonObject("{\"value\": " + value + "}").getValue("value");
        assertThatThrownBy(() -> registered(member, parsed)).isInstanceOfSatisfying(OAuthException.class, refusal -> {
            assertThat(refusal.code().wireName()).isEqualTo(error);
            assertThat(refusal.description()).isNotBlank();
        });
    }

    @Test
    void redirectUrisThatCannotBeRegisteredAreLeftOutAsCursorAndOthersNeed() {
        JsonArray sent = new JsonArray().add("cursor://anysphere.cursor-mcp/oauth/callback").add("http://localhost:8787/callback")
            .add("https://www.cursor.com/agents/mcp/oauth/callback").add("myapp://callback").add("http://app.example/cb");
        Registrable decided = check(new JsonObject().put("redirect_uris", sent).put("application_type", "web"));
        assertThat(decided.description().redirectUris()).containsExactly("cursor://anysphere.cursor-mcp/oauth/callback",
            "http://localhost:8787/callback", "https://www.cursor.com/agents/mcp/oauth/callback");
        assertThat(decided.omissions()).extracting(Omission::toString).anyMatch(said -> said.contains("myapp:"))
            .anyMatch(said -> said.startsWith("application_type"));
        assertThat(rules(Set.of("myapp")).check(RequestedMetadata.of(new JsonObject().put("redirect_uris", sent))).description().redirectUris())
            .contains("myapp://callback");
    }

    @Test
    void keysThatCannotBeUsedAreIgnoredBesideOneThatCan() {
        JsonObject weak = new JsonObject(RsaKeys.weak().toPublicJWK().toJSONObject());
        JsonArray sent = new JsonArray().add(KEY.copy().put("use", "enc").put("kid", "e")).add(new JsonObject().put("kty", "XYZ")).add("text").add(weak)
            .add(KEY);
        JsonObject decided = check(new JsonObject().put("token_endpoint_auth_method", "private_key_jwt").put("jwks", new JsonObject().put("keys", sent)))
            .description().toJson();
        assertThat(decided.getJsonObject("jwks")).isEqualTo(new JsonObject().put("keys", new JsonArray().add(KEY)));
        assertThat(decided.getString("token_endpoint_auth_method")).isEqualTo("private_key_jwt");
        for (String method : List.of("private_key_jwt", "client_secret_basic")) {
            assertThatThrownBy(() -> check(new JsonObject().put("token_endpoint_auth_method", method)
                .put("jwks", new JsonObject().put("keys", new JsonArray().add(weak))))).hasMessageContaining("2048 bits");
        }
        JsonObject secret = SigningKey.generate(SigningAlgorithm.ES256).secretJwk();
        assertThatThrownBy(() -> registered("jwks", new JsonObject().put("keys", new JsonArray().add(secret)))).hasMessageContaining("secret no more");
    }

    @Test
    void emptySetOfKeysLeavesTheirAddressInUse() {
        JsonObject decided = check(new JsonObject().put("token_endpoint_auth_method", "private_key_jwt")
            .put("jwks", new JsonObject().put("keys", new JsonArray())).put("jwks_uri", "https://app.example/jwks")).description().toJson();
        assertThat(decided.getString("jwks_uri")).isEqualTo("https://app.example/jwks");
        assertThat(decided.containsKey("jwks")).isFalse();
    }

    @Test
    void reasonsEchoNothingThatWasSent() {
        Registrable decided = check(new JsonObject().put("client_uri", "http://echo.example/\"").put("contacts", "echo")
            .put("redirect_uris", new JsonArray().add(GOOD).add("http://echo.example/")));
        assertThat(decided.omissions()).hasSize(3).noneMatch(each -> each.reason().contains("echo"));
    }
}
