package dev.gatehouse.mcp.bearer;

import static dev.gatehouse.fixtures.Http.challenge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

class DpopHandlerTest {

    private static final List<String> PATHS = List.of("/mcp", "/sse", "/messages");
    private static final String TOKEN = "bound-token";

    private final SteppingClock clock = new SteppingClock("2026-11-23T08:00:00Z");
    private final ProofMaker key = new ProofMaker(clock);
    private final AtomicInteger passed = new AtomicInteger();
    private Vertx vertx;
    private IntrospectionServer authServer;
    private String base;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        authServer = new IntrospectionServer(vertx, clock).start();
        base = serve(DpopOptions.DEFAULT);
        bind(TOKEN, key);
        clock.advance(Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private String serve(DpopOptions options) {
        Router router = Router.router(vertx);
        HttpServer server = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
        String url = "http://localhost:" + server.actualPort();
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(url + "/mcp"), authServer.issuer(), List.of("mcp:read", "mcp:write"));
        TokenValidator validator = new TokenValidator(vertx, resource,
            new IntrospectionOptions(authServer.issuer(), null, null, 15_000, 60, 5, 100, 4), clock);
        BearerSecurity security = new BearerSecurity(validator, resource);
        new ResourceMetadataEndpoint(resource, options, ClientCertificates.none(), "title", "https://docs.example/").mount(router);
        router.route().handler(new BearerHandler(validator, new DpopGuard(vertx, resource, options, clock), resource));
        router.route("/write").handler(context -> security.insufficientScope(context, Set.of("mcp:write")));
        router.route().handler(context -> {
            passed.incrementAndGet();
            context.request().resume();
            context.request().body().onSuccess(body -> context.end(security.principal(context).subject()));
        });
        return url;
    }

    private void bind(String token, ProofMaker holder) {
        authServer.issue(token, "alice", "mcp:read mcp:write", base + "/mcp");
        authServer.claims(token).put("token_type", "DPoP").put("cnf", new JsonObject().put("jkt", holder.thumbprint()));
    }

    private String proof(ProofMaker holder, String method, String path, Consumer<JsonObject> claims) {
        return holder.proof(method, base + path, header -> { },
            made -> claims.accept(made.put("ath", SecretToken.hash(TOKEN))));
    }

    private String proof(String path) {
        return proof(key, "POST", path, claims -> { });
    }

    private HttpResponse<String> post(String path, String proof) {
        return Http.send("POST", base + path, "{}", "Authorization", "DPoP " + TOKEN, "DPoP", proof);
    }

    private void refused(HttpResponse<String> answer, String error) {
        refused(answer, error, base);
    }

    /** @param origin by which the server was called */
    private void refused(HttpResponse<String> answer, String error, String origin) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(1);
        assertThat(challenge(answer)).startsWith("DPoP error=\"" + error + "\", ").contains("algs=\"ES256 ")
            .contains("resource_metadata=\"" + origin + "/.well-known/oauth-protected-resource/");
    }

    @Test
    void boundTokenPassesWithAProofOnEveryPathAndMethod() {
        for (String path : PATHS) {
            assertThat(post(path, proof(path)).body()).isEqualTo("usr_alice");
            for (String method : List.of("GET", "DELETE")) {
                assertThat(Http.send(method, base + path, null, "Authorization", "dpop " + TOKEN, "DPoP",
                    proof(key, method, path, claims -> { })).statusCode()).isEqualTo(200);
            }
        }
        assertThat(passed).hasValue(9);
    }

    @Test
    void boundTokenDoesNotPassWithoutItsProof() {
        ProofMaker thief = new ProofMaker(clock);
        for (String path : PATHS) {
            refused(Http.send("POST", base + path, "{}", "Authorization", "Bearer " + TOKEN), "invalid_token");
            refused(Http.send("POST", base + path, "{}", "Authorization", "Bearer " + TOKEN, "DPoP", proof(path)), "invalid_token");
            refused(Http.send("POST", base + path, "{}", "Authorization", "DPoP " + TOKEN), "invalid_dpop_proof");
            refused(Http.send("POST", base + path, "{}", "Authorization", "DPoP " + TOKEN, "DPoP", proof(path), "DPoP", proof(path)), "invalid_dpop_proof");
            refused(post(path, proof(thief, "POST", path, claims -> { })), "invalid_token");
            refused(post(path, proof(key, "GET", path, claims -> { })), "invalid_dpop_proof");
            refused(post(path, proof(path + "/other")), "invalid_dpop_proof");
            refused(post(path, proof(key, "POST", path, claims -> claims.remove("ath"))), "invalid_dpop_proof");
            refused(post(path, proof(key, "POST", path, claims -> claims.put("ath", SecretToken.hash("other")))), "invalid_dpop_proof");
            refused(post(path, proof(key, "POST", path, claims -> claims.put("iat", clock.millis() / 1000 - 61))), "invalid_dpop_proof");
            refused(post(path, proof(key, "POST", path, claims -> claims.put("htu", "http://127.0.0.1:1" + path))), "invalid_dpop_proof");
        }
        assertThat(passed).hasValue(0);
        assertThat(post("/mcp", proof("/mcp")).statusCode()).isEqualTo(200);
    }

    @Test
    void proofForTheLoopbackNameThatIsCalledIsTakenAndForNoOther() {
        String called = base.replace("localhost", "127.0.0.1");
        Consumer<JsonObject> claims = made -> made.put("ath", SecretToken.hash(TOKEN));
        assertThat(Http.send("POST", called + "/mcp", "{}", "Authorization", "DPoP " + TOKEN, "DPoP",
            key.proof("POST", called + "/mcp", header -> { }, claims)).statusCode()).isEqualTo(200);
        refused(post("/mcp", key.proof("POST", called + "/mcp", header -> { }, claims)), "invalid_dpop_proof");
    }

    @Test
    void hostHeaderDoesNotChangeWhatAProofIsFor() {
        String forged = key.proof("POST", "http://attacker.example/mcp", header -> { }, claims -> claims.put("ath", SecretToken.hash(TOKEN)));
        refused(Http.send("POST", base.replace("localhost", "127.0.0.1") + "/mcp", "{}", "Authorization", "DPoP " + TOKEN, "DPoP", forged),
            "invalid_dpop_proof", base.replace("localhost", "127.0.0.1"));
        assertThat(Http.send("POST", base.replace("localhost", "127.0.0.1") + "/mcp", "{}", "Authorization", "DPoP " + TOKEN, "DPoP",
            proof("/mcp")).statusCode()).isEqualTo(200);
    }

    @Test
    void proofCountsOnce() {
        String jti = SecretToken.generate("");
        String first = proof(key, "POST", "/mcp", claims -> claims.put("jti", jti));
        assertThat(post("/mcp", first).statusCode()).isEqualTo(200);
        refused(post("/mcp", first), "invalid_dpop_proof");
        refused(post("/mcp?a=b", proof(key, "POST", "/mcp?a=b", claims -> claims.put("jti", jti))), "invalid_dpop_proof");
        refused(post("/sse", proof(key, "POST", "/sse", claims -> claims.put("jti", jti))), "invalid_dpop_proof");
        clock.advance(Duration.ofSeconds(59));
        refused(post("/mcp", first), "invalid_dpop_proof");
        assertThat(passed).hasValue(1);
    }

    @Test
    void unboundTokenPassesAsABearerTokenOnly() {
        authServer.issue("free", "alice", "mcp:read", base + "/mcp");
        assertThat(Http.send("POST", base + "/mcp", "{}", "Authorization", "Bearer free").statusCode()).isEqualTo(200);
        refused(Http.send("POST", base + "/mcp", "{}", "Authorization", "DPoP free", "DPoP", key.proof("POST", base + "/mcp", header -> { },
            claims -> claims.put("ath", SecretToken.hash("free")))), "invalid_token");
        refused(Http.send("POST", base + "/mcp", "{}", "Authorization", "DPoP unknown", "DPoP", proof("/mcp")), "invalid_token");
    }

    @Test
    void tokenBoundToACertificateIsRefused() {
        bind("certificate", key);
        authServer.claims("certificate").put("cnf", new JsonObject().put("x5t#S256", "x").put("jkt", key.thumbprint()));
        assertThat(Http.send("POST", base + "/mcp", "{}", "Authorization", "Bearer certificate").statusCode()).isEqualTo(401);
        assertThat(Http.send("POST", base + "/mcp", "{}", "Authorization", "DPoP certificate", "DPoP", proof("/mcp")).statusCode()).isEqualTo(401);
        assertThat(passed).hasValue(0);
    }

    @Test
    void requestWithoutATokenIsToldBothWays() {
        List<String> challenges = Http.send("POST", base + "/mcp", "{}").headers().allValues("WWW-Authenticate");
        assertThat(challenges).hasSize(2);
        assertThat(challenges.get(0)).startsWith("Bearer resource_metadata=").doesNotContain("error");
        assertThat(challenges.get(1)).startsWith("DPoP resource_metadata=").contains("algs=\"ES256 ").doesNotContain("error");
    }

    @Test
    void missingScopeIsToldInTheSchemeThatWasUsed() {
        HttpResponse<String> answer = post("/write", proof("/write"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(challenge(answer)).startsWith("DPoP error=\"insufficient_scope\"");
    }

    @Test
    void bearerTokensAreRefusedWhereBoundOnesAreRequired() {
        base = serve(new DpopOptions(true, false, 60, 100));
        clock.advance(Duration.ofSeconds(20));
        authServer.issue("free", "alice", "mcp:read", base + "/mcp");
        bind(TOKEN, key);
        refused(Http.send("POST", base + "/mcp", "{}", "Authorization", "Bearer free"), "invalid_token");
        assertThat(Http.send("POST", base + "/mcp", "{}").headers().allValues("WWW-Authenticate")).singleElement().asString().startsWith("DPoP ");
        JsonObject metadata = new JsonObject(Http.get(base + "/.well-known/oauth-protected-resource/mcp").body());
        assertThat(metadata.getBoolean("dpop_bound_access_tokens_required")).isTrue();
        assertThat(post("/mcp", proof("/mcp")).statusCode()).isEqualTo(200);
    }

    @Test
    void nonceIsAskedForAndLivesForTwoPeriods() {
        base = serve(new DpopOptions(false, true, 60, 100));
        bind(TOKEN, key);
        HttpResponse<String> asked = post("/mcp", proof("/mcp"));
        refused(asked, "use_dpop_nonce");
        String nonce = asked.headers().firstValue("DPoP-Nonce").orElseThrow();
        HttpResponse<String> good = post("/mcp", withNonce(nonce));
        assertThat(good.statusCode()).isEqualTo(200);
        assertThat(good.headers().firstValue("DPoP-Nonce")).hasValue(nonce);
        refused(post("/mcp", withNonce("made-up")), "use_dpop_nonce");
        clock.advance(Duration.ofMinutes(4));
        refused(post("/mcp", withNonce(nonce)), "use_dpop_nonce");
    }

    @Test
    void proofFromBeforeTheStartNeedsANonceSoThatARestartForgetsNothing() {
        String captured = proof("/mcp");
        assertThat(post("/mcp", captured).statusCode()).isEqualTo(200);
        restart();
        HttpResponse<String> again = post("/mcp", captured);
        refused(again, "use_dpop_nonce");
        assertThat(post("/mcp", withNonce(again.headers().firstValue("DPoP-Nonce").orElseThrow())).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(17));
        assertThat(post("/mcp", proof("/mcp")).statusCode()).isEqualTo(200);
        refused(post("/mcp", captured), "use_dpop_nonce");
    }

    /** Another Vert.x knows nothing of the proofs that this one took. */
    private void restart() {
        String before = base;
        Waiting.on(vertx.close());
        vertx = Vertx.vertx();
        authServer = new IntrospectionServer(vertx, clock).start();
        int port = Integer.parseInt(before.substring(before.lastIndexOf(':') + 1));
        Router router = Router.router(vertx);
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(before + "/mcp"), authServer.issuer(), List.of());
        TokenValidator validator = new TokenValidator(vertx, resource, IntrospectionOptions.of(authServer.issuer()), clock);
        router.route().handler(new BearerHandler(validator, new DpopGuard(vertx, resource, DpopOptions.DEFAULT, clock), resource));
        router.route().handler(context -> context.end("passed"));
        Waiting.on(vertx.createHttpServer().requestHandler(router).listen(port, "localhost"));
        bind(TOKEN, key);
    }

    @Test
    void floodOfProofsForgetsNothingUnnoticed() {
        base = serve(new DpopOptions(false, false, 60, 20));
        bind(TOKEN, key);
        clock.advance(Duration.ofSeconds(20));
        String first = proof("/mcp");
        assertThat(post("/mcp", first).statusCode()).isEqualTo(200);
        IntStream.range(0, 40).forEach(other -> post("/mcp", proof("/mcp")));
        int before = passed.get();
        refused(post("/mcp", first), "use_dpop_nonce");
        assertThat(passed).hasValue(before);
        String nonce = post("/mcp", proof("/mcp")).headers().firstValue("DPoP-Nonce").orElseThrow();
        assertThat(post("/mcp", withNonce(nonce)).statusCode()).isEqualTo(200);
    }

    private String withNonce(String nonce) {
        return proof(key, "POST", "/mcp", claims -> claims.put("nonce", nonce));
    }
}
