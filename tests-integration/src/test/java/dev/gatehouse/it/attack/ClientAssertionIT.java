package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.produce.JWSSignerFactory;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.RsaKeys;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.DocumentHost;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Clients that sign assertions to prove who they are, and those who try to pass for them (RFC 7523 §3, RFC 8725). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientAssertionIT {
    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final int CALLERS = 50;
    private static final int ROUNDS = 100;
    private static final JWSSignerFactory SIGNERS = new DefaultJWSSignerFactory();
    private RunningGatehouse gatehouse;
    private DocumentHost documents;
    private ECKey key;
    private String clientId;

    @BeforeAll
    void start() throws JOSEException {
        JsonObject grants = new JsonObject().put("grantTypes", new JsonArray().add("authorization_code").add("client_credentials"));
        documents = DocumentHost.start();
        JsonObject settings = new JsonObject().put("registration", new JsonObject().put("dynamic", grants))
            .put("fetching", new JsonObject().put("trustFile", documents.certificate().toString()));
        gatehouse = RunningGatehouse.inProcess(settings, new JsonObject());
        key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        clientId = register(key, new JsonObject());
    }

    @AfterAll
    void stop() {
        gatehouse.close();
        documents.close();
    }

    @Test
    void clientGetsATokenByItsAssertionAndTheWireNamesOfIt() {
        HttpResponse<String> answer = token(signed(claims -> { }));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject metadata = new JsonObject(Http.get(gatehouse.issuer() + "/.well-known/oauth-authorization-server").body());
        assertThat(metadata.getJsonArray("token_endpoint_auth_methods_supported")).contains("private_key_jwt");
        assertThat(metadata.getJsonArray("token_endpoint_auth_signing_alg_values_supported")).contains("ES256").doesNotContain("none", "HS256");
    }

    @Test
    void audienceIsTheIssuerAloneAsOneText() {
        requireRefused(signed(claims -> claims.audience(List.of(gatehouse.issuer(), "https://other.example"))));
        requireRefused(signed(claims -> claims.audience(gatehouse.issuer() + "/oauth/token")));
        requireRefused(signed(claims -> claims.audience("https://other.example")));
        requireRefused(signed(claims -> claims.audience((String) null)));
        requireRefused(withSingleAudienceInAList());
        requireAccepted(signed(claims -> { }));
    }

    @Test
    void identifierIsNeededAndCountsOnceAlsoAtTheOtherEndpointsAndAfterARestart() {
        requireRefused(signed(claims -> claims.jwtID(null)));
        String assertion = signed(claims -> { });
        requireAccepted(assertion);
        requireRefused(assertion);
        assertThat(call("/oauth/revoke", assertion, Map.of("token", "gha_x")).statusCode()).isEqualTo(401);
        assertThat(call("/oauth/introspect", assertion, Map.of("token", "gha_x")).statusCode()).isEqualTo(401);
        assertThat(call("/oauth/par", assertion, Map.of("response_type", "code")).statusCode()).isEqualTo(401);
        gatehouse.stop();
        gatehouse.start();
        requireRefused(assertion);
        requireAccepted(signed(claims -> { }));
    }

    @Test
    void identifierCountsOnceOnTwoNodesTogether() {
        String other = gatehouse.secondNode() + "/oauth/token";
        String assertion = signed(claims -> { });
        requireAccepted(assertion);
        assertThat(Http.postForm(other, form(assertion)).statusCode()).isEqualTo(401);
        String fresh = signed(claims -> { });
        assertThat(Http.postForm(other, form(fresh)).statusCode()).isEqualTo(200);
        requireRefused(fresh);
    }

    @Test
    void timesAreHeldToFiveMinutes() {
        requireRefused(signed(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(60)))));
        requireRefused(signed(claims -> claims.expirationTime(null)));
        requireRefused(signed(claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(3_600)))));
        requireRefused(signed(claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(120)))));
        requireRefused(signed(claims -> claims.issueTime(Date.from(Instant.now().plusSeconds(120)))));
        requireAccepted(signed(claims -> claims.issueTime(new Date()).notBeforeTime(new Date())));
    }

    @Test
    void issuerAndSubjectAreTheClient() {
        requireRefused(signed(claims -> claims.issuer("another")));
        requireRefused(signed(claims -> claims.subject("mcp-test-client").issuer("mcp-test-client")));
        requireAccepted(signed(claims -> { }));
        Map<String, String> form = form(signed(claims -> { }));
        form.put("client_id", "another");
        assertThat(Http.postForm(gatehouse.issuer() + "/oauth/token", form).statusCode()).isEqualTo(400);
    }

    @Test
    void headersThatChooseTheKeyOrTheMeaningAreRefused() throws JOSEException {
        ECKey stranger = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        requireRefused(sign(header().build(), claims(), stranger));
        requireRefused(sign(header().jwk(stranger.toPublicJWK()).build(), claims(), stranger));
        requireRefused(sign(header().jwkURL(URI.create(gatehouse.issuer() + "/oauth/jwks")).build(), claims(), key));
        requireRefused(sign(header().x509CertURL(URI.create("https://evil.example/x")).build(), claims(), key));
        requireRefused(sign(header().criticalParams(java.util.Set.of("exp")).build(), claims(), key));
        requireRefused(sign(header().keyID("unknown").build(), claims(), key));
        requireRefused(new PlainJWT(claims()).serialize());
        SignedJWT symmetric = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims());
        symmetric.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        requireRefused(symmetric.serialize());
        requireAccepted(sign(header().build(), claims(), key));
    }

    @Test
    void tokensOfOtherTypesAreNoAssertions() {
        for (String type : List.of("oauth-id-jag+jwt", "at+jwt", "dpop+jwt", "logout+jwt", "token-introspection+jwt")) {
            requireRefused(sign(header().type(new JOSEObjectType(type)).build(), claims(), key));
        }
        requireAccepted(sign(header().type(JOSEObjectType.JWT).build(), claims(), key));
    }

    @Test
    void algorithmThatWasRegisteredIsTheOnlyOne() throws JOSEException {
        String other = register(key, new JsonObject().put("token_endpoint_auth_signing_alg", "RS256"));
        requireRefused(signed(claims -> claims.issuer(other).subject(other)));
        String same = register(key, new JsonObject().put("token_endpoint_auth_signing_alg", "ES256"));
        requireAccepted(signed(claims -> claims.issuer(same).subject(same)));
    }

    @Test
    void typeIsNamedAndOneMethodUsed() {
        Map<String, String> wrong = form(signed(claims -> { }));
        wrong.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
        assertThat(Http.postForm(gatehouse.issuer() + "/oauth/token", wrong).statusCode()).isEqualTo(401);
        Map<String, String> missing = form(signed(claims -> { }));
        missing.remove("client_assertion_type");
        assertThat(Http.postForm(gatehouse.issuer() + "/oauth/token", missing).statusCode()).isEqualTo(401);
        Map<String, String> two = form(signed(claims -> { }));
        two.put("client_secret", "secret");
        HttpResponse<String> both = Http.postForm(gatehouse.issuer() + "/oauth/token", two);
        assertThat(both.statusCode()).isEqualTo(400);
        assertThat(both.body()).contains("invalid_request");
    }

    @Test
    void assertionOfAPushedRequestIsUsedUp() {
        String asking = register(key, new JsonObject().put("grant_types", new JsonArray().add("authorization_code").add("client_credentials"))
            .put("redirect_uris", new JsonArray().add("https://app.example/callback")));
        String assertion = signed(claims -> claims.issuer(asking).subject(asking));
        Map<String, String> request = Map.of("response_type", "code", "redirect_uri", "https://app.example/callback",
            "code_challenge", Pkce.fresh().challenge(), "code_challenge_method", "S256");
        HttpResponse<String> pushed = call("/oauth/par", assertion, request);
        assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(201);
        assertThat(call("/oauth/par", assertion, request).statusCode()).isEqualTo(401);
        requireRefused(assertion);
        requireAccepted(signed(claims -> claims.issuer(asking).subject(asking)));
    }

    @Test
    void floodOfUnknownKeysFetchesThePublishedOnesOnce() throws JOSEException {
        ECKey stranger = new ECKeyGenerator(Curve.P_256).generate();
        String address = documents.publish("/keys", new JsonObject().put("keys",
            new JsonArray().add(new JsonObject(key.toPublicJWK().toJSONString()))));
        String remote = register(key, new JsonObject().putNull("jwks").put("jwks_uri", address));
        requireAccepted(signed(claims -> claims.issuer(remote).subject(remote)));
        int before = documents.fetches();
        for (int i = 0; i < 40; i++) {
            requireRefused(sign(header().keyID("unknown" + i).build(), builder().issuer(remote).subject(remote).build(), stranger));
        }
        assertThat(documents.fetches() - before).isLessThanOrEqualTo(2);
        requireAccepted(signed(claims -> claims.issuer(remote).subject(remote)));
    }

    @Test
    void oneOfManySimultaneousUsesWins() {
        // The server verifies RS256 about ten times as fast as ES256, and each of 5,000 requests needs that.
        RSAKey fast = new RSAKey.Builder(RsaKeys.of(0)).keyID("fast").build();
        String racer = register(fast, new JsonObject());
        try (Crowd crowd = new Crowd(CALLERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                String assertion = sign(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("fast").build(), builder().issuer(racer).subject(racer).build(), fast);
                List<HttpResponse<String>> answers = crowd.atOnce(caller -> token(assertion));
                assertThat(answers.stream().filter(answer -> answer.statusCode() == 200)).hasSize(1);
                assertThat(answers.stream().filter(answer -> answer.statusCode() == 401)).hasSize(CALLERS - 1);
            }
        }
    }

    private String register(JWK registered, JsonObject more) {
        JsonObject request = new JsonObject().put("client_name", "Signs").put("token_endpoint_auth_method", "private_key_jwt")
            .put("grant_types", new JsonArray().add("client_credentials"))
            .put("jwks", new JsonObject().put("keys", new JsonArray().add(new JsonObject(registered.toPublicJWK().toJSONString()))))
            .mergeIn(more);
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", "application/json", request.encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new JsonObject(answer.body()).getString("client_id");
    }

    /** As text, since the library writes a single audience as one text. */
    private String withSingleAudienceInAList() {
        try {
            JsonObject claims = new JsonObject(builder().build().toString()).put("aud", new JsonArray().add(gatehouse.issuer()));
            JWSObject jws = new JWSObject(header().build(), new Payload(claims.encode()));
            jws.sign(new ECDSASigner(key));
            return jws.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one");
    }

    private JWTClaimsSet claims() {
        return builder().build();
    }

    private JWTClaimsSet.Builder builder() {
        return new JWTClaimsSet.Builder().issuer(clientId).subject(clientId).audience(gatehouse.issuer())
            .jwtID(UUID.randomUUID().toString()).expirationTime(Date.from(Instant.now().plusSeconds(60)));
    }

    private String signed(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = builder();
        change.accept(claims);
        return sign(header().build(), claims.build(), key);
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, JWK by) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(SIGNERS.createJWSSigner(by));
            return jwt.serialize();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static Map<String, String> form(String assertion) {
        return new LinkedHashMap<>(Map.of("client_assertion_type", TYPE, "client_assertion", assertion, "grant_type", "client_credentials"));
    }

    private HttpResponse<String> token(String assertion) {
        return Http.postForm(gatehouse.issuer() + "/oauth/token", form(assertion));
    }

    private HttpResponse<String> call(String path, String assertion, Map<String, String> more) {
        Map<String, String> form = form(assertion);
        form.putAll(more);
        return Http.postForm(gatehouse.issuer() + path, form);
    }

    private void requireRefused(String assertion) {
        HttpResponse<String> answer = token(assertion);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_client").doesNotContain("access_token");
    }

    private void requireAccepted(String assertion) {
        HttpResponse<String> answer = token(assertion);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
