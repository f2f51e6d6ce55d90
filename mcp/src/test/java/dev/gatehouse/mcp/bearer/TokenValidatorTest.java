package dev.gatehouse.mcp.bearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.transport.RequestSecurity.Validity;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.authorization.PermissionBasedAuthorization;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class TokenValidatorTest {

    private static final String RESOURCE = "http://localhost:8001/mcp";

    private final SteppingClock clock = new SteppingClock("2026-11-23T12:00:00Z");
    private Vertx vertx;
    private IntrospectionServer server;
    private TokenValidator validator;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = new IntrospectionServer(vertx, clock).start();
        validator = validator(patient(server.issuer()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    /** The defaults, but for a machine so busy that an answer takes its time. */
    private static IntrospectionOptions patient(String issuer) {
        return new IntrospectionOptions(issuer, null, null, 15_000, 60, 5, 100_000, 4);
    }

    private TokenValidator validator(IntrospectionOptions options) {
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(RESOURCE), server.issuer(), List.of("mcp:read", "mcp:write"));
        return new TokenValidator(vertx, resource, options, clock);
    }

    private VerifiedToken verify(String token) {
        return Waiting.on(validator.verify(token));
    }

    private void assertRefused(String token, String because) {
        assertThatThrownBy(() -> verify(token)).isInstanceOf(InvalidTokenException.class).hasMessageContaining(because);
    }

    private void assertUnavailable(String token) {
        assertThatThrownBy(() -> verify(token)).isInstanceOf(AuthServerUnavailableException.class);
    }

    private String issue(String token) {
        return server.issue(token, "alice", "mcp:read", RESOURCE);
    }

    @Test
    void broaderScopeGivesTheNarrowerOnesWhereThisServerKnowsOfThem() {
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(RESOURCE), server.issuer(), List.of("mcp:read", "mcp:write"),
            ScopeHierarchy.of(Map.of("mcp:write", List.of("mcp:read"))));
        server.issue("broad", "alice", "mcp:write", RESOURCE);
        TokenValidator knowing = new TokenValidator(vertx, resource, patient(server.issuer()), clock);
        assertThat(Waiting.on(knowing.verify("broad")).principal().scopes()).containsExactlyInAnyOrder("mcp:write", "mcp:read");
        knowing.close();
        server.issue("broad-too", "alice", "mcp:write", RESOURCE);
        assertThat(verify("broad-too").principal().scopes()).containsExactly("mcp:write");
    }

    @Test
    void goodTokenYieldsUserWithClaimsAndScopeAuthorizations() {
        User user = Waiting.on(validator.authenticate(new TokenCredentials(issue("good"))));

        assertThat(user.subject()).isEqualTo("usr_alice");
        assertThat(user.attributes().getString("email")).isEqualTo("alice@example.com");
        assertThat(user.authorizations().verify(PermissionBasedAuthorization.create("mcp:read"))).isTrue();
        assertThat(user.authorizations().verify(PermissionBasedAuthorization.create("mcp:write"))).isFalse();
        assertThat(user.principal().encode() + user.attributes().encode()).doesNotContain("good");
    }

    @Test
    void goodTokenIsAskedAboutOnceAMinute() {
        issue("good");
        assertThat(verify("good").principal().subject()).isEqualTo("usr_alice");
        clock.advance(Duration.ofSeconds(59));
        verify("good");
        assertThat(server.questions()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        verify("good");
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void cachedTokenIsNotBelievedBeyondItsExpiry() {
        issue("short");
        server.claims("short").put("exp", clock.millis() / 1000 + 10);
        verify("short");
        clock.advance(Duration.ofSeconds(9));
        verify("short");
        clock.advance(Duration.ofSeconds(1));
        assertRefused("short", "expired");
    }

    @Test
    void refusalIsRememberedForAFewSecondsOnly() {
        assertRefused("unknown", "unknown");
        issue("unknown");
        assertRefused("unknown", "unknown");
        assertThat(server.questions()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(5));
        assertThat(verify("unknown").principal().subject()).isEqualTo("usr_alice");
    }

    @Test
    void malformedTokenIsRefusedWithoutAsking() {
        for (String malformed : List.of("", "a b", "a\"b", "tok€n", "=", "a=b", "x".repeat(8_193))) {
            assertRefused(malformed, "malformed");
        }
        assertThat(server.questions()).isZero();
        issue("A-._~+/9==");
        verify("A-._~+/9==");
    }

    @Test
    void manyAtOnceAskOnce() {
        issue("good");
        Promise<Void> release = server.hold();
        List<Future<VerifiedToken>> waiting = new ArrayList<>();
        TokenValidator otherInstance = validator(patient(server.issuer()));
        for (int i = 0; i < 100; i++) {
            waiting.add((i % 2 == 0 ? validator : otherInstance).verify("good"));
        }
        release.complete();
        Waiting.on(Future.all(waiting));

        assertThat(server.questions()).isEqualTo(1);
        assertThat(waiting).allMatch(each -> each.result().principal().subject().equals("usr_alice"));
    }

    @Test
    void waiterIsAnsweredOnItsOwnContext() {
        issue("good");
        Promise<Void> release = server.hold();
        Future<VerifiedToken> first = validator.verify("good");
        Promise<Boolean> sameLoop = Promise.promise();
        vertx.runOnContext(start -> {
            Thread loop = Thread.currentThread();
            validator.verify("good").onComplete(outcome -> sameLoop.complete(Thread.currentThread() == loop));
            release.complete();
        });
        Waiting.on(first);
        assertThat(Waiting.on(sameLoop.future())).isTrue();
    }

    @Test
    void anotherInstanceBelievesWhatOneHasLearned() {
        issue("good");
        verify("good");
        Waiting.on(validator(patient(server.issuer())).verify("good"));
        assertThat(server.questions()).isEqualTo(1);
    }

    @Test
    void audienceMustBeThisServerInAnySpelling() {
        for (Object good : List.of(RESOURCE, "HTTP://LOCALHOST:8001/mcp", "http://localhost:8001/sse",
                // On this machine the origin alone and every loopback name stand for the server.
                "http://localhost:8001", "http://127.0.0.1:8001/mcp", "http://localhost:8001/mcp/",
                JsonArray.of("http://elsewhere/mcp", RESOURCE))) {
            String token = "good" + good.hashCode();
            verify(server.issue(token.replace('-', '_'), "alice", "", good));
        }
        for (Object foreign : List.of("http://localhost:8001/mcp2", "http://localhost:8002/mcp", "http://localhost:8002",
                "http://localhost:8001/MCP", "https://localhost:8001/mcp", "mcp", JsonArray.of("http://elsewhere/mcp"), new JsonArray())) {
            String token = "foreign" + foreign.hashCode();
            assertRefused(server.issue(token.replace('-', '_'), "alice", "", foreign), "not issued for this server");
        }
    }

    @Test
    void tokenWithoutAudienceIsRefused() {
        issue("bare");
        server.claims("bare").remove("aud");
        assertRefused("bare", "not issued for this server");
    }

    @Test
    void tokenOfAnotherIssuerIsRefused() {
        issue("other");
        server.claims("other").put("iss", "https://evil.example");
        assertRefused("other", "another authorization server");
    }

    @Test
    void tokenBoundToAKeyIsRefusedAsBearer() {
        issue("bound");
        server.claims("bound").put("cnf", new JsonObject().put("jkt", "x"));
        assertRefused("bound", "bound to a key");
    }

    @Test
    void tokenOfTheFutureIsRefusedUntilItsTime() {
        issue("future");
        server.claims("future").put("nbf", clock.millis() / 1000 + 30);
        assertRefused("future", "not valid yet");
        clock.advance(Duration.ofSeconds(30));
        verify("future");
    }

    @Test
    void serverDownIsNotATokensFaultAndCachedTokenWorksOn() {
        issue("cached");
        issue("fresh");
        verify("cached");
        server.kill();

        assertUnavailable("fresh");
        assertThat(verify("cached").principal().subject()).isEqualTo("usr_alice");
        clock.advance(Duration.ofSeconds(60));
        assertUnavailable("cached");

        server.start();
        verify("fresh");
        verify("cached");
    }

    @Test
    void silentServerIsGivenUpOn() {
        validator = validator(new IntrospectionOptions(server.issuer(), null, null, 200, 60, 5, 100, 4));
        issue("good");
        Promise<Void> release = server.hold();
        assertUnavailable("good");
        release.complete();
        verify("good");
    }

    @Test
    void malformedAnswersAreTheServersFault() {
        issue("good");
        for (String nonsense : List.of("", "hello", "[]", "{}", "{\"active\":\"true\"}", "null", "{\"active\":true}",
                "{\"active\":true,\"exp\":\"soon\",\"aud\":\"" + RESOURCE + "\"}",
                "{\"active\":true,\"aud\":\"" + RESOURCE + "\"}")) {
            server.answer(200, nonsense);
            assertThatThrownBy(() -> verify("good")).as(nonsense)
                .isInstanceOfAny(AuthServerUnavailableException.class, InvalidTokenException.class);
            clock.advance(Duration.ofSeconds(6));
        }
        for (int status : List.of(301, 400, 401, 404, 429, 500, 503)) {
            server.answer(status, "{\"active\":false}");
            assertUnavailable("good");
        }
        server.answer(200, null);
        verify("good");
    }

    @Test
    void serverWithoutMetadataIsAskedAtTheUsualPath() {
        server.withoutMetadata();
        verify(issue("good"));
        assertThat(server.questions()).isEqualTo(1);
    }

    @Test
    void endpointOnceFoundIsUsedWhileMetadataFails() {
        verify(issue("first"));
        clock.advance(Duration.ofMinutes(11));
        server.breakMetadata();
        verify(issue("second"));

        validator = validator(patient(server.issuer()));
        assertUnavailable(issue("third"));
    }

    @Test
    void metadataOfAnotherIssuerIsNotUsed() {
        validator = validator(patient(server.issuer().replace("localhost", "127.0.0.1")));
        assertThatThrownBy(() -> verify(issue("good"))).isInstanceOf(AuthServerUnavailableException.class)
            .hasMessageContaining("Set authServer to exactly its issuer");
    }

    @Test
    void credentialsAreSentFormEncodedOnlyWhenConfigured() {
        verify(issue("first"));
        assertThat(server.authorizations()).isEmpty();

        validator = validator(new IntrospectionOptions(server.issuer(), "rs:1", "s&e=c", 15_000, 60, 5, 100, 4));
        verify(issue("second"));
        assertThat(server.authorizations()).containsExactly("Basic "
            + java.util.Base64.getEncoder().encodeToString("rs%3A1:s%26e%3Dc".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void revalidationSeesARevocationThatTheCacheDoesNot() {
        verify(issue("good"));
        clock.advance(Duration.ofSeconds(4));
        assertThat(Waiting.on(validator.revalidate("good"))).isEqualTo(Validity.GOOD);

        server.revoke("good");
        verify("good");
        clock.advance(Duration.ofSeconds(4));
        assertThat(Waiting.on(validator.revalidate("good"))).isEqualTo(Validity.ENDED);
        assertRefused("good", "revoked");
    }

    @Test
    void revalidationOfManyStreamsAsksOnce() {
        verify(issue("good"));
        clock.advance(Duration.ofSeconds(4));
        for (int i = 0; i < 20; i++) {
            Waiting.on(validator.revalidate("good"));
        }
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void revalidationFailsWhenTheServerIsAwayAndSaysNothingOfTheTokenWhileItIsOnlyBusy() {
        verify(issue("good"));
        clock.advance(Duration.ofSeconds(4));
        server.kill();
        assertThat(Waiting.on(validator.revalidate("good"))).as("it has just answered").isEqualTo(Validity.NOT_ASKED);
        clock.advance(Duration.ofSeconds(7));
        assertThatThrownBy(() -> Waiting.on(validator.revalidate("good"))).isInstanceOf(AuthServerUnavailableException.class);
        verify("good");
    }
}
