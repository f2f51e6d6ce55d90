package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The settings of single clients. */
@Gatehouse
final class ClientSettingsIT {

    private static final String CALLBACK = "https://app.example/cb";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final RunningGatehouse gatehouse;

    ClientSettingsIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    private OAuthClient added(String id, String... settings) {
        String[] command = new String[settings.length + 7];
        System.arraycopy(new String[] {"client", "add", id, "--confidential", "--redirect-uri", CALLBACK, "--name=" + id}, 0, command, 0, 7);
        System.arraycopy(settings, 0, command, 7, settings.length);
        String secret = gatehouse.run(command).out().replaceAll("(?s).*client_secret: (\\S+).*", "$1");
        return new OAuthClient(gatehouse.issuer(), id, secret, CALLBACK);
    }

    private static String withoutPkce(OAuthClient client, String scope, String nonce) {
        return client.authorizationUrl(Pkce.fresh(), "code_challenge", null, "code_challenge_method", null, "scope", scope, "nonce", nonce);
    }

    private static HttpResponse<String> redeemWithoutVerifier(OAuthClient client, URI callback) {
        return client.redeem(Http.query(callback).get("code"), Pkce.fresh(), "code_verifier", null);
    }

    private static void requireAskedForPkce(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isIn(302, 303);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).contains("error=invalid_request").contains("PKCE");
    }

    @Test
    void nonceMayReplacePkceWhereAnOperatorSaysSoAndNowhereElse() {
        OAuthClient usual = added("usual");
        requireAskedForPkce(Http.get(withoutPkce(usual, "openid mcp:read", "n-1")));
        OAuthClient governed = added("by-nonce", "--pkce", "nonce");
        assertThat(gatehouse.run("client", "show", "by-nonce").out()).contains("pkce NONCE");
        assertThat(gatehouse.run("client", "show", "usual").out()).doesNotContain("pkce");
        requireAskedForPkce(Http.get(withoutPkce(governed, "mcp:read", "n-1")));
        requireAskedForPkce(Http.get(withoutPkce(governed, "openid mcp:read", null)));
        requireAskedForPkce(Http.get(governed.authorizationUrl(Pkce.fresh(), "scope", "openid", "nonce", "n-1", "code_challenge_method", "plain")));
        URI callback = gatehouse.journey().allow(withoutPkce(governed, "openid mcp:read", "n-1"));
        HttpResponse<String> withVerifier = governed.redeem(Http.query(callback).get("code"), Pkce.fresh());
        assertThat(withVerifier.statusCode()).as("a verifier without a challenge").isEqualTo(400);
        HttpResponse<String> answer = redeemWithoutVerifier(governed, callback);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getString("id_token")).isNotBlank();
    }

    @Test
    void challengeThatIsSentCountsForSuchAClientToo() {
        OAuthClient governed = added("may-do-without", "--pkce", "optional");
        Pkce pkce = Pkce.fresh();
        URI callback = gatehouse.journey().allow(governed.authorizationUrl(pkce, "scope", "openid mcp:read"));
        assertThat(redeemWithoutVerifier(governed, callback).statusCode()).isEqualTo(400);
        assertThat(governed.redeem(Http.query(callback).get("code"), pkce).statusCode()).isEqualTo(200);
        URI bare = gatehouse.journey().allow(withoutPkce(governed, "openid mcp:read", null));
        assertThat(redeemWithoutVerifier(governed, bare).statusCode()).isEqualTo(200);
    }

    @Test
    void publicClientNeverDoesWithoutPkce() {
        assertThat(gatehouse.run("client", "add", "open", "--public", "--redirect-uri", CALLBACK, "--pkce", "nonce").err()).contains("confidential");
    }

    @Test
    void confidentialClientsThatRegisterThemselvesMayDoWithoutPkceWhereAnOperatorSaysSo() {
        JsonObject settings = new JsonObject().put("registration", new JsonObject().put("dynamic", new JsonObject().put("pkce", "optional")));
        try (RunningGatehouse lenient = RunningGatehouse.inProcess(settings, new JsonObject())) {
            for (String method : new String[] {"client_secret_basic", "none"}) {
                JsonObject registered = new JsonObject(Http.post(lenient.issuer() + "/oauth/register", "application/json", new JsonObject()
                    .put("redirect_uris", new JsonArray().add(CALLBACK)).put("token_endpoint_auth_method", method).encode()).body());
                OAuthClient client = new OAuthClient(lenient.issuer(), registered.getString("client_id"), registered.getString("client_secret"), CALLBACK);
                HttpResponse<String> asked = Http.get(withoutPkce(client, "openid", null));
                if (method.equals("none")) {
                    assertThat(asked.body()).contains("PKCE");
                } else {
                    assertThat(redeemWithoutVerifier(client, lenient.journey().allow(withoutPkce(client, "openid", null))).statusCode()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void assertionMayBeMadeOutToTheTokenEndpointWhereAnOperatorSaysSo(@TempDir Path directory) throws IOException, JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        Path keys = Files.writeString(directory.resolve("jwks.json"), "{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}");
        added("signer", "--auth-method", "private_key_jwt", "--jwks", keys.toString(), "--grant", "client_credentials");
        String endpoint = gatehouse.issuer() + "/oauth/token";
        HttpResponse<String> refused = assertionOf("signer", key, endpoint);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("invalid_client").contains("the aud of the client assertion has to be the issuer identifier");
        assertThat(assertionOf("nobody", key, endpoint).body()).as("the same for a client that is not there").isEqualTo(refused.body());
        assertThat(assertionOf("nobody", key, gatehouse.issuer()).body()).contains("the client is unknown")
            .isEqualTo(assertionOf("signer", new ECKeyGenerator(Curve.P_256).generate(), gatehouse.issuer()).body());
        assertThat(assertionOf("signer", key, gatehouse.issuer()).statusCode()).isEqualTo(200);
        gatehouse.run("client", "update", "signer", "--assertion-audience", "token-endpoint");
        assertThat(gatehouse.run("client", "show", "signer").out()).contains("endpointAudience true");
        Eventually.holds("the server knows", PATIENCE, () -> assertionOf("signer", key, endpoint).statusCode() == 200);
        assertThat(assertionOf("signer", key, gatehouse.issuer()).statusCode()).isEqualTo(200);
        assertThat(assertionOf("signer", key, "https://other.example/oauth/token").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> assertionOf(String clientId, ECKey key, String audience) {
        try {
            SignedJWT assertion = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), new JWTClaimsSet.Builder().issuer(clientId).subject(clientId)
                .audience(audience).jwtID(UUID.randomUUID().toString()).expirationTime(Date.from(Instant.now().plusSeconds(60))).build());
            assertion.sign(new ECDSASigner(key));
            return Http.postForm(gatehouse.issuer() + "/oauth/token", new LinkedHashMap<>(Map.of("grant_type", "client_credentials",
                "client_assertion", assertion.serialize(), "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")));
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void refreshTokenStaysTheSameWhereAnOperatorSaysSo() {
        OAuthClient usual = added("rotating");
        Tokens first = gatehouse.journey().tokens(usual);
        assertThat(Tokens.of(usual.refresh(first.refresh()).body()).refresh()).isNotEqualTo(first.refresh());
        OAuthClient steady = added("steady", "--refresh-rotation", "false");
        assertThat(gatehouse.run("client", "show", "steady").out()).contains("keepsRefreshToken true");
        Tokens tokens = gatehouse.journey().tokens(steady);
        for (int i = 0; i < 3; i++) {
            Tokens next = Tokens.of(steady.refresh(tokens.refresh()).body());
            assertThat(next.refresh()).isEqualTo(tokens.refresh());
            assertThat(gatehouse.active(next.access())).isTrue();
        }
        steady.revoke(tokens.refresh());
        assertThat(steady.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
    }
}
