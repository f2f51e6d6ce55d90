package dev.gatehouse.mcp.bearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.shared.jose.KeySigner;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

class LocalJwtsTest {

    private static final String RESOURCE = "http://localhost:8001/mcp";
    private static final int SKEW = 30;
    private static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

    private final SteppingClock clock = new SteppingClock("2026-11-23T12:00:00Z");
    private Vertx vertx;
    private IntrospectionServer server;
    private TokenValidator validator;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = new IntrospectionServer(vertx, clock).start();
        server.publish(setOf(KEY));
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(RESOURCE), server.issuer(), List.of("mcp:read"));
        validator = new TokenValidator(vertx, resource, new IntrospectionOptions(server.issuer(), null, null, 15_000, 60, 5, 100_000, 4),
            new LocalJwtOptions(true, SKEW), null, clock);
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    @Test
    void goodTokenPassesWithoutAQuestion() {
        VerifiedToken verified = verify(sign(claims()));
        assertThat(verified.principal().subject()).isEqualTo("usr_alice");
        assertThat(verified.principal().scopes()).containsExactly("mcp:read");
        assertThat(verified.principal().clientId()).isEqualTo("agent");
        assertThat(server.questions()).isZero();
        assertThat(server.keyFetches()).isEqualTo(1);
    }

    @Test
    void opaqueTokenIsStillAskedAbout() {
        server.issue("opaque", "alice", "mcp:read", RESOURCE);
        verify("opaque");
        assertThat(server.questions()).isEqualTo(1);
        assertThat(server.keyFetches()).isZero();
    }

    @Test
    void withoutCredentialsAnOpaqueTokenThatMayNotBeIntrospectedIsInvalid() {
        server.issue("opaque", "alice", "mcp:read", RESOURCE);
        server.answer(401, "{\"error\":\"invalid_client\"}");
        assertInvalid("opaque");
        verify(sign(claims()));
        Waiting.on(validator.probe());
    }

    @Test
    void refusedCredentialsAreNoFaultOfTheTokenAndShowInTheProbe() {
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(RESOURCE), server.issuer(), List.of("mcp:read"));
        TokenValidator configured = new TokenValidator(vertx, resource, new IntrospectionOptions(server.issuer(), "mcp", "wrong", 15_000, 60, 5, 100_000, 4),
            new LocalJwtOptions(true, SKEW), null, clock);
        Waiting.on(configured.probe());
        for (int status : List.of(401, 403)) {
            server.answer(status, "{\"error\":\"invalid_client\"}");
            assertThatThrownBy(() -> Waiting.on(configured.verify("unknown"))).as("%s", status).isInstanceOf(AuthServerUnavailableException.class);
            assertThatThrownBy(() -> Waiting.on(configured.probe())).hasMessage("The authorization server " + server.issuer()
                + " refuses the credentials of this server: " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "exp", "iat", "sub", "client_id", "jti"})
    void everyClaimIsNeeded(String name) {
        JsonObject claims = claims();
        claims.remove(name);
        assertInvalid(sign(claims));
        verify(sign(claims()));
    }

    @Test
    void claimsThatSayAnotherThingAreRefused() {
        long now = clock.millis() / 1000;
        for (JsonObject change : List.of(
            new JsonObject().put("iss", server.issuer() + "/"), new JsonObject().put("iss", "https://other.example"),
            new JsonObject().put("aud", "http://localhost:8002/mcp"), new JsonObject().put("aud", new JsonArray()),
            new JsonObject().put("exp", now - SKEW - 1), new JsonObject().put("exp", "9999999999"), new JsonObject().put("exp", 1e300),
            new JsonObject().put("nbf", now + SKEW + 1), new JsonObject().put("iat", now + SKEW + 1),
            new JsonObject().put("cnf", new JsonObject().put("jkt", "x")), new JsonObject().put("sub", 7))) {
            assertThatThrownBy(() -> verify(sign(claims().mergeIn(change)))).as(change.encode())
                .isInstanceOfAny(InvalidTokenException.class);
        }
        verify(sign(claims().put("aud", new JsonArray().add("http://localhost:8002/mcp").add(RESOURCE))));
    }

    @Test
    void clocksMayDifferALittle() {
        long now = clock.millis() / 1000;
        verify(sign(claims().put("exp", now - SKEW + 1)));
        verify(sign(claims().put("nbf", now + SKEW - 1).put("iat", now + SKEW - 1)));
        String token = sign(claims().put("exp", now + 60));
        verify(token);
        clock.advance(Duration.ofSeconds(60 + SKEW - 1));
        verify(token);
        clock.advance(Duration.ofSeconds(2));
        assertInvalid(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "dpop+jwt", "oauth-id-jag+jwt", "token-introspection+jwt", "logout+jwt"})
    void otherKindsOfJwtAreRefused(String typ) {
        assertInvalid(Waiting.on(new KeySigner(vertx, KEY).sign(typ, claims())));
    }

    @Test
    void forgedHeadersAndSignaturesAreRefused() {
        String good = sign(claims());
        String[] parts = good.split("\\.");
        JsonObject header = new JsonObject().put("alg", "ES256").put("kid", KEY.kid()).put("typ", "at+jwt");
        assertInvalid(encode(header.copy().put("alg", "none")) + "." + parts[1] + ".");
        assertInvalid(encode(header.copy().put("alg", "HS256")) + "." + parts[1] + "." + parts[2]);
        assertInvalid(parts[0] + "." + encode(claims().put("sub", "usr_admin")) + "." + parts[2]);
        for (String name : List.of("crit", "jku", "x5u", "x5c", "jwk")) {
            assertInvalid(encode(header.copy().put(name, KEY.publicJwk())) + "." + parts[1] + "." + parts[2]);
        }
        SigningKey namesake = SigningKey.parse(SigningKey.generate(SigningAlgorithm.ES256).secretJwk().put("kid", KEY.kid()),
            SigningAlgorithm.ES256);
        assertInvalid(Waiting.on(new KeySigner(vertx, namesake).sign("at+jwt", claims())));
        verify(good);
        assertThat(server.questions()).isZero();
    }

    @Test
    void floodOfUnknownKeysFetchesSeldom() {
        verify(sign(claims()));
        for (int i = 0; i < 50; i++) {
            SigningKey stranger = SigningKey.generate(SigningAlgorithm.ES256);
            assertInvalid(Waiting.on(new KeySigner(vertx, stranger).sign("at+jwt", claims())));
        }
        assertThat(server.keyFetches()).isEqualTo(1);
    }

    @Test
    void newKeyIsFoundAndAWithdrawnOneForgotten() {
        String old = sign(claims());
        verify(old);
        SigningKey next = SigningKey.generate(SigningAlgorithm.EDDSA);
        server.publish(setOf(next));
        clock.advance(Duration.ofSeconds(61));
        verify(Waiting.on(new KeySigner(vertx, next).sign("at+jwt", claims())));
        assertInvalid(old);
    }

    @Test
    void outageOfTheKeysIsNoFaultOfTheToken() {
        server.publish(null);
        assertThatThrownBy(() -> verify(sign(claims()))).isInstanceOf(AuthServerUnavailableException.class);
        server.publish(new JsonObject());
        clock.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> verify(sign(claims()))).isInstanceOf(AuthServerUnavailableException.class);
        server.publish(setOf(KEY));
        clock.advance(Duration.ofSeconds(2));
        verify(sign(claims()));
        server.publish(null);
        clock.advance(Duration.ofSeconds(61));
        verify(sign(claims().put("jti", "another")));
    }

    private JsonObject claims() {
        long now = clock.millis() / 1000;
        return new JsonObject().put("iss", server.issuer()).put("aud", RESOURCE).put("exp", now + 600).put("iat", now)
            .put("sub", "usr_alice").put("client_id", "agent").put("jti", "j").put("scope", "mcp:read");
    }

    private String sign(JsonObject claims) {
        return Waiting.on(new KeySigner(vertx, KEY).sign("at+jwt", claims));
    }

    private VerifiedToken verify(String token) {
        return Waiting.on(validator.verify(token));
    }

    private void assertInvalid(String token) {
        assertThatThrownBy(() -> verify(token)).isInstanceOf(InvalidTokenException.class);
    }

    private static String encode(JsonObject part) {
        return SecretToken.encode(part.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonObject setOf(SigningKey key) {
        return new JsonObject().put("keys", new JsonArray().add(key.publicJwk()));
    }
}
