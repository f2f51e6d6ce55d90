package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.OtherIssuer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Workload identity federation: what a platform says of the software that it runs. */
public class JwtBearerGrantTest {

    public static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final String CI = basic("ci", "s3cret-s3cret");
    private static final String SUBJECT = "repo:acme/tools:ref:refs/heads/main";
    private static OtherIssuer platform;
    private static OtherIssuer cloud;
    private static RunningServer server;

    @BeforeAll
    static void start() {
        platform = new OtherIssuer("https://platform.example", new TestClock());
        cloud = new OtherIssuer("https://cloud.example", new TestClock());
        server = RunningServer.start(new JsonObject().put("assertions", new JsonObject().put("trustedIssuers", new JsonArray()
            .add(platform.trusted().put("maximumLifetimeSeconds", 600).put("accessTokenSeconds", 900)
                .put("workloads", new JsonArray().add(rule("ci", SUBJECT).put("scopes", new JsonArray().add("mcp:read")))))
            .add(cloud.trusted().put("publicClients", true).put("workloads", new JsonArray()
                .add(rule("pod", "pod-1").put("audience", "gatehouse").put("singleUse", false))
                .add(rule("robot", "robot-1").put("user", "alice")
                    .put("resources", new JsonArray().add(RESOURCE))))))));
        server.add(Clients.withGrants("ci", "s3cret-s3cret", GRANT));
        server.add(Clients.withGrants("other", "s3cret-s3cret", GRANT));
        server.add(Clients.withGrants("robot", "s3cret-s3cret", GRANT));
        server.add(Clients.withGrants("code-only", "s3cret-s3cret", "authorization_code"));
        server.add(new Client("pod", "Pod", List.of(), Set.of(ClientAuthMethod.NONE), List.of(), Set.of(GRANT),
            Scopes.of("mcp:read", "mcp:write"), List.of(), 0));
    }

    private static JsonObject rule(String client, String subject) {
        return new JsonObject().put("client", client).put("claims", new JsonObject().put("sub", subject));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void workloadGetsATokenOfItsClientWithinTheRule() {
        JsonObject tokens = present(CI, workload(claims -> { })).requireOk().json();
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read");
        assertThat(tokens.getInteger("expires_in")).isEqualTo(900);
        assertThat(tokens.containsKey("refresh_token")).isFalse();
        JsonObject claims = server.post("/oauth/introspect", "token", tokens.getString("access_token")).json();
        assertThat(claims.getString("sub")).isEqualTo("ci");
        assertThat(claims.getString("client_id")).isEqualTo("ci");
        assertThat(claims.getString("aud")).isEqualTo(RESOURCE);
        assertThat(claims.containsKey("username")).isFalse();
    }

    @Test
    void ruleMayNameAUserWhoSeesAndEndsTheAccess() {
        String token = present(basic("robot", "s3cret-s3cret"), cloud.workload(server.issuer(), "robot-1", claims -> { }))
            .requireOk().json().getString("access_token");
        JsonObject claims = server.post("/oauth/introspect", "token", token).json();
        assertThat(claims.getString("sub")).isEqualTo(RunningServer.SUB);
        assertThat(claims.getString("username")).isEqualTo("alice");
        assertThat(Waiting.on(server.database().read("SELECT redirect_uri FROM authorization_grant WHERE client_id = 'robot'")).get(0)
            .text("redirect_uri")).isEqualTo("https://cloud.example");
    }

    @Test
    void assertionCountsOnce() {
        String assertion = workload(claims -> { });
        present(CI, assertion).requireOk();
        refused(CI, assertion);
        String nameless = workload(claims -> claims.remove("jti"));
        present(CI, nameless).requireOk();
        refused(CI, nameless);
        present(CI, workload(claims -> claims.put("run", 2).remove("jti"))).requireOk();
    }

    @Test
    void ofManyAtOnceOneIsAnswered() {
        long before = tokens();
        List<Answer> answers = server.postAtOnce(50, CI, "/oauth/token", "grant_type", GRANT, "assertion", workload(claims -> { }));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 200)).hasSize(49)
            .allSatisfy(answer -> answer.requireError(400, "invalid_grant"));
        assertThat(tokens()).isEqualTo(before + 1);
    }

    @Test
    void platformThatHandsOutOneForAWhileMayBeConfigured() {
        String assertion = cloud.workload("gatehouse", "pod-1", claims -> { });
        presentAsPod(assertion).requireOk();
        presentAsPod(assertion).requireOk();
    }

    @Test
    void publicClientIsTakenOnlyWhereItsIssuerAllowsIt() {
        presentAsPod(cloud.workload("gatehouse", "pod-1", claims -> { })).requireOk();
        presentAsPod(platform.workload(server.issuer(), SUBJECT, claims -> { })).requireError(400, "unauthorized_client");
    }

    @Test
    void claimsThatAreNotAsTheyMustBeAreRefused() {
        present(CI, workload(claims -> { })).requireOk();
        refused(claims -> claims.put("sub", SUBJECT + "x"));
        refused(claims -> claims.remove("sub"));
        refused(claims -> claims.put("iss", "https://elsewhere.example"));
        refused(claims -> claims.remove("iss"));
        refused(claims -> claims.put("iss", server.issuer()));
        refused(claims -> claims.put("aud", "https://elsewhere.example"));
        refused(claims -> claims.put("aud", server.issuer() + "/"));
        refused(claims -> claims.put("aud", server.issuer() + "/oauth/token"));
        refused(claims -> claims.put("aud", new JsonArray().add(server.issuer()).add("https://elsewhere.example")));
        refused(claims -> claims.remove("aud"));
        refused(claims -> claims.remove("exp"));
        refused(claims -> claims.put("exp", now() - 60));
        refused(claims -> claims.put("exp", now() + 700));
        refused(claims -> claims.put("exp", "soon"));
        refused(claims -> claims.put("nbf", now() + 120));
        refused(claims -> claims.put("iat", now() + 120));
        refused(claims -> claims.put("jti", 7));
        refused(claims -> claims.put("cnf", new JsonObject().put("jkt", "abc")));
    }

    @Test
    void otherKindsOfJwtAreRefused() {
        JsonObject claims = new JsonObject().put("iss", platform.name()).put("sub", SUBJECT).put("aud", server.issuer())
            .put("exp", now() + 60).put("iat", now()).put("jti", "typed");
        for (String typ : List.of("at+jwt", "dpop+jwt", "logout+jwt", "oauth-id-jag+jwt", "client-authentication+jwt",
            "token-introspection+jwt", "application/at+jwt")) {
            refused(CI, platform.sign(new JsonObject().put("typ", typ), claims.encode()));
        }
        present(CI, platform.sign(new JsonObject(), claims.put("jti", "untyped").encode())).requireOk();
    }

    @Test
    void forgeriesAndRubbishAreRefused() {
        OtherIssuer impostor = new OtherIssuer(platform.name(), new TestClock());
        refused(CI, impostor.workload(server.issuer(), SUBJECT, claims -> { }));
        String good = workload(claims -> { });
        refused(CI, good.substring(0, good.length() - 8) + "AAAAAAAA");
        refused(CI, good.substring(0, good.lastIndexOf('.') + 1));
        refused(CI, "x");
        refused(CI, "..");
        refused(CI, "a".repeat(20_000));
        refused(CI, platform.sign(new JsonObject().put("alg", "none"), "{}"));
        refused(CI, platform.sign(new JsonObject(), "[]"));
        refused(CI, platform.sign(new JsonObject(), "{\"iss\":\"" + platform.name() + "\",\"iss\":\"x\"}"));
        present(CI, good).requireOk();
    }

    @Test
    void otherClientsAndClientsWithoutTheGrantAreRefused() {
        String assertion = workload(claims -> { });
        refused(basic("other", "s3cret-s3cret"), assertion);
        present(basic("code-only", "s3cret-s3cret"), assertion).requireError(400, "unauthorized_client");
        server.post("/oauth/token", "grant_type", GRANT, "assertion", assertion).requireError(401, "invalid_client");
        present(CI, assertion).requireOk();
    }

    @Test
    void moreThanTheRuleGivesIsRefusedAndDoesNotSpendTheAssertion() {
        String assertion = workload(claims -> { });
        present(CI, assertion, "scope", "mcp:write").requireError(400, "invalid_scope");
        present(CI, assertion, "scope", "mcp:admin").requireError(400, "invalid_scope");
        present(CI, assertion, "resource", "https://elsewhere.example/mcp").requireError(400, "invalid_target");
        present(CI, assertion, "scope", "mcp:read", "resource", "http://localhost:8001/other").requireOk();
        String robot = cloud.workload(server.issuer(), "robot-1", claims -> { });
        present(basic("robot", "s3cret-s3cret"), robot, "resource", "http://localhost:8001/other").requireError(400, "invalid_target");
        present(basic("robot", "s3cret-s3cret"), robot, "resource", RESOURCE).requireOk();
    }

    @Test
    void missingAndRepeatedAssertionsAreMalformedRequests() {
        server.postAs(CI, "/oauth/token", "grant_type", GRANT).requireError(400, "invalid_request");
        present(CI, workload(claims -> { }), "assertion", "x").requireError(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(longs = {-31, 31})
    void clocksMayBeHalfAMinuteApart(long seconds) {
        long inside = seconds < 0 ? seconds + 2 : seconds - 2;
        present(CI, workload(claims -> claims.put("iat", now() + Math.max(0, inside)).put("exp", now() + (inside < 0 ? inside : 60))))
            .requireOk();
        refused(claims -> claims.put("iat", now() + Math.max(0, seconds)).put("exp", now() + (seconds < 0 ? seconds : 60)));
    }

    private static String workload(Consumer<JsonObject> changes) {
        return platform.workload(server.issuer(), SUBJECT, changes);
    }

    private static long now() {
        return server.clock().millis() / 1000;
    }

    private static Answer presentAsPod(String assertion) {
        return server.post("/oauth/token", "grant_type", GRANT, "client_id", "pod", "assertion", assertion);
    }

    private static Answer present(String authorization, String assertion, String... more) {
        String[] form = new String[4 + more.length];
        System.arraycopy(new String[] {"grant_type", GRANT, "assertion", assertion}, 0, form, 0, 4);
        System.arraycopy(more, 0, form, 4, more.length);
        return server.postAs(authorization, "/oauth/token", form);
    }

    private static void refused(Consumer<JsonObject> changes) {
        refused(CI, workload(changes));
    }

    private static void refused(String authorization, String assertion) {
        long before = tokens();
        present(authorization, assertion).requireError(400, "invalid_grant");
        assertThat(tokens()).isEqualTo(before);
    }

    private static long tokens() {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS tokens FROM access_token")).get(0).number("tokens");
    }
}
