package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Jws;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Each value in the metadata is accepted, and each registered value that is not in it is rejected (RFC 8414 §2): the names
 * tried are those of the registries, so that a list with a name too many or too few shows.
 */
@Gatehouse
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthorizationMetadataTruthIT {
    private static final Set<String> GRANTS = Set.of("authorization_code", "refresh_token", "client_credentials", "password", "implicit",
        "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:saml2-bearer", "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:openid:params:grant-type:ciba");
    private static final Set<String> ALGORITHMS = Set.of("none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384",
        "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");
    private static final Set<String> RESPONSE_TYPES = Set.of("code", "token", "id_token", "code token", "code id_token", "id_token token",
        "code id_token token", "none");
    private static final Set<String> RESPONSE_MODES = Set.of("query", "fragment", "form_post", "query.jwt", "fragment.jwt",
        "form_post.jwt", "jwt", "web_message");
    private final RunningGatehouse gatehouse;
    private JsonObject metadata;
    private OAuthClient client;

    AuthorizationMetadataTruthIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @BeforeAll
    void read() {
        metadata = new JsonObject(Http.get(gatehouse.issuer() + "/.well-known/oauth-authorization-server").body());
        client = Commands.addConfidentialClient(gatehouse, "http://127.0.0.1/callback",
            "--grant", "authorization_code,refresh_token,client_credentials");
    }

    private Set<String> named(String member) {
        return metadata.getJsonArray(member, new JsonArray()).stream().map(String.class::cast)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyEndpointAnswersUnderTheIssuerAndTellsItsMethods() {
        for (String member : endpoints()) {
            String url = metadata.getString(member);
            assertThat(url).startsWith(gatehouse.issuer() + "/");
            HttpResponse<String> wrong = Http.delete(url);
            assertThat(wrong.statusCode()).as(member).isEqualTo(405);
            assertThat(wrong.headers().firstValue("Allow")).as(member).isPresent();
        }
    }

    private List<String> endpoints() {
        return metadata.fieldNames().stream().filter(name -> name.endsWith("_endpoint") || name.equals("jwks_uri")).toList();
    }

    @Test
    void theDocumentationNamesTheSameEndpoints() throws IOException {
        List<String> page = Files.readAllLines(Product.ROOT.resolve("docs/authorization-server.md"));
        Set<String> documented = page.stream().filter(line -> line.startsWith("| `/oauth/"))
            .map(line -> line.split("`")[1]).collect(Collectors.toCollection(TreeSet::new));
        Set<String> served = endpoints().stream().map(member -> metadata.getString(member).substring(gatehouse.issuer().length()))
            .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(served);
    }

    @Test
    void namedGrantsAreKnownAndOthersAreNot() {
        assertThat(GRANTS).containsAll(named("grant_types_supported"));
        for (String grant : GRANTS) {
            JsonObject answer = new JsonObject(client.authenticated("/oauth/token", new LinkedHashMap<>(Map.of("grant_type", grant))).body());
            boolean unknown = "unsupported_grant_type".equals(answer.getString("error"));
            assertThat(unknown).as(grant + " " + answer).isNotEqualTo(named("grant_types_supported").contains(grant));
        }
    }

    @Test
    void namedResponseTypesAndModesAreServedAndOthersAreNot() {
        for (String type : RESPONSE_TYPES) {
            assertThat(refusal("response_type", type)).as(type)
                .isEqualTo(named("response_types_supported").contains(type) ? null : "unsupported_response_type");
        }
        for (String mode : RESPONSE_MODES) {
            assertThat(refusal("response_mode", mode)).as(mode)
                .isEqualTo(named("response_modes_supported").contains(mode) ? null : "invalid_request");
        }
    }

    @Test
    void namedChallengeMethodsAndScopesAreServedAndOthersAreNot() {
        for (String method : Set.of("S256", "plain", "s256", "S512")) {
            assertThat(refusal("code_challenge_method", method)).as(method)
                .isEqualTo(named("code_challenge_methods_supported").contains(method) ? null : "invalid_request");
        }
        for (String scope : Stream.concat(named("scopes_supported").stream(), Stream.of("mcp:admin", "address", "phone", "MCP:READ")).toList()) {
            assertThat(refusal("scope", scope)).as(scope).isEqualTo(named("scopes_supported").contains(scope) ? null : "invalid_scope");
        }
    }

    @Test
    void namedPromptsAreServedAndOthersAreNot() {
        assertThat(named("prompt_values_supported")).isNotEmpty();
        for (String prompt : Set.of("none", "login", "consent", "select_account", "create")) {
            assertThat("invalid_request".equals(refusal("prompt", prompt))).as(prompt)
                .isNotEqualTo(named("prompt_values_supported").contains(prompt));
        }
    }

    /** The error that a request ends with at the client, or null where a person is asked. */
    private String refusal(String name, String value) {
        Page page = gatehouse.journey().login(client.authorizationUrl(Pkce.fresh(), "scope", "mcp:read", name, value));
        if (page.redirect() == null) {
            assertThat(page.status()).as(name + "=" + value + " " + page.body()).isEqualTo(200);
            return null;
        }
        String answer = page.redirect().getRawFragment() == null ? page.redirect().getRawQuery() : page.redirect().getRawFragment();
        return Http.query(java.net.URI.create("http://x/?" + answer)).get("error");
    }

    @Test
    void namedProofAlgorithmsAreTakenAndOthersAreNot() {
        Set<String> named = named("dpop_signing_alg_values_supported");
        assertThat(ALGORITHMS).containsAll(named);
        for (String algorithm : ALGORITHMS) {
            JsonObject answer = new JsonObject(Http.postForm(client.tokenUrl(), Map.of("grant_type", "client_credentials"),
                "Authorization", OAuthClient.basic(client.id(), client.secret()), "DPoP", proof(Jws.fresh(algorithm))).body());
            if (named.contains(algorithm)) {
                assertThat(answer.getString("token_type")).as(algorithm + " " + answer).isEqualTo("DPoP");
            } else {
                assertThat(answer.getString("error")).as(algorithm).isEqualTo("invalid_dpop_proof");
            }
        }
    }

    private String proof(Jws signer) {
        return signer.sign(new JsonObject().put("typ", "dpop+jwt").put("jwk", signer.publicKey()), new JsonObject()
            .put("jti", UUID.randomUUID().toString()).put("htm", "POST").put("htu", client.tokenUrl())
            .put("iat", Instant.now().getEpochSecond()));
    }

    @Test
    void whatIsSignedHasTheNamedAlgorithmAndSaysOnlyWhatIsNamed() {
        JsonObject tokens = gatehouse.tokens("scope", "openid profile email", "nonce", "n").json();
        String[] idToken = tokens.getString("id_token").split("\\.");
        assertThat(named("id_token_signing_alg_values_supported")).containsExactly(decoded(idToken[0]).getString("alg"));
        assertThat(named("claims_supported")).containsAll(decoded(idToken[1]).fieldNames());
        JsonObject info = new JsonObject(Http.get(metadata.getString("userinfo_endpoint"), "Authorization",
            "Bearer " + tokens.getString("access_token")).body());
        assertThat(info.fieldNames()).contains("sub", "email");
        assertThat(named("claims_supported")).containsAll(info.fieldNames());
        String introspection = Http.postForm(metadata.getString("introspection_endpoint"), Map.of("token", tokens.getString("access_token")),
            "Authorization", OAuthClient.basic(client.id(), client.secret()), "Accept", "application/token-introspection+jwt").body();
        assertThat(named("introspection_signing_alg_values_supported")).containsExactly(decoded(introspection.split("\\.")[0]).getString("alg"));
    }

    private static JsonObject decoded(String part) {
        return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(part)));
    }

    /** Each method with a client that is registered for it; and with the same client at the endpoints that do not name it. */
    @Test
    void namedAuthenticationMethodsAreTakenAndOthersAreNot() {
        Map<String, OAuthClient> registered = new LinkedHashMap<>();
        for (String method : List.of("client_secret_basic", "client_secret_post")) {
            registered.put(method, Commands.addConfidentialClient(gatehouse, null, "--auth-method", method));
        }
        for (String endpoint : List.of("token", "introspection", "revocation", "pushed_authorization_request", "device_authorization")) {
            // Those that have no member of their own take what the token endpoint takes (RFC 9126 §5, RFC 8628 §3.1).
            Set<String> named = named((metadata.containsKey(endpoint + "_endpoint_auth_methods_supported") ? endpoint : "token")
                + "_endpoint_auth_methods_supported");
            String url = metadata.getString(endpoint + "_endpoint");
            registered.forEach((method, only) -> registered.keySet().forEach(used ->
                assertThat(authenticates(url, only, used)).as(endpoint + " " + used + " of a client registered for " + method)
                    .isEqualTo(used.equals(method) && named.contains(method))));
            assertThat(authenticates(url, gatehouse.publicClient(), "none")).as(endpoint + " none").isEqualTo(named.contains("none"));
            assertThat(authenticates(url, client, "client_secret_jwt")).as(endpoint + " client_secret_jwt").isFalse();
            assertThat(named).doesNotContain("client_secret_jwt");
        }
    }

    private boolean authenticates(String url, OAuthClient as, String method) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", "ghr_x", "token", "x"));
        String[] headers = {};
        switch (method) {
            case "client_secret_basic" -> headers = new String[] {"Authorization", OAuthClient.basic(as.id(), as.secret())};
            case "client_secret_post" -> form.putAll(Map.of("client_id", as.id(), "client_secret", as.secret()));
            case "client_secret_jwt" -> form.putAll(Map.of("client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion(as, Jws.fresh("HS256"))));
            default -> form.put("client_id", as.id());
        }
        HttpResponse<String> answer = Http.postForm(url, form, headers);
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(500);
        return !answer.body().contains("\"invalid_client\"") && answer.statusCode() != 401;
    }

    private String assertion(OAuthClient as, Jws signer) {
        long now = Instant.now().getEpochSecond();
        return signer.sign(new JsonObject().put("typ", "JWT"), new JsonObject().put("iss", as.id()).put("sub", as.id())
            .put("aud", gatehouse.issuer()).put("iat", now).put("exp", now + 60).put("jti", UUID.randomUUID().toString()));
    }
}
