package dev.gatehouse.mcp.bearer;

import static dev.gatehouse.fixtures.Http.challenge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

class BearerHandlerTest {

    private static final List<String> METHODS = List.of("GET", "POST", "DELETE");
    private static final String SCOPES = "scope=\"mcp:read mcp:write\"";

    private final AtomicInteger passed = new AtomicInteger();
    private Vertx vertx;
    private IntrospectionServer authServer;
    private String base;
    private TokenValidator validator;
    private BearerSecurity security;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        authServer = new IntrospectionServer(vertx, Clock.systemUTC()).start();
        Router router = Router.router(vertx);
        HttpServer server = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
        base = "http://localhost:" + server.actualPort();
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(base + "/mcp"), authServer.issuer(),
            List.of("mcp:read", "mcp:write"));
        validator = new TokenValidator(vertx, resource, new IntrospectionOptions(authServer.issuer(), null, null, 15_000, 60, 5, 100, 4), Clock.systemUTC());
        security = new BearerSecurity(validator, resource);
        mount(router, resource);
    }

    private void mount(Router router, ProtectedResource resource) {
        new ResourceMetadataEndpoint(resource, DpopOptions.DEFAULT, ClientCertificates.none(), "Gatehouse MCP server", "https://docs.example/").mount(router);
        BearerHandler handler = new BearerHandler(validator, new DpopGuard(vertx, resource, DpopOptions.DEFAULT, Clock.systemUTC()), resource);
        List.of("/mcp", "/sse", "/messages", "/write").forEach(path -> router.route(path).handler(handler));
        router.route("/write").handler(context -> security.insufficientScope(context, Set.of("mcp:write")));
        router.route().handler(this::tellCaller);
    }

    private void tellCaller(RoutingContext context) {
        passed.incrementAndGet();
        context.request().resume();
        context.request().body().onSuccess(body -> context.end(context.user().subject() + " "
            + security.principal(context).subject() + " " + body.length()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private HttpResponse<String> send(String method, String path, String... headers) {
        return Http.send(method, base + path, method.equals("POST") ? "{}" : null, headers);
    }

    private String good() {
        return authServer.issue("good-token", "alice", "mcp:read", base + "/mcp");
    }

    @Test
    void requestWithoutCredentialsIsChallengedWithoutAnError() {
        for (String method : METHODS) {
            HttpResponse<String> refused = send(method, "/mcp");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(challenge(refused)).isEqualTo("Bearer resource_metadata=\"" + base
                + "/.well-known/oauth-protected-resource/mcp\", " + SCOPES);
            assertThat(refused.headers().firstValue("Cache-Control")).hasValue("no-store");
        }
        assertThat(challenge(send("POST", "/mcp", "Authorization", "Basic YTpi"))).doesNotContain("error");
        assertThat(passed).hasValue(0);
        assertThat(authServer.questions()).isZero();
    }

    @Test
    void metadataNamedByTheChallengeAnswers() {
        for (String path : List.of("/mcp", "/sse", "/messages")) {
            String url = challenge(send("GET", path)).replaceAll(".*resource_metadata=\"([^\"]*)\".*", "$1");
            HttpResponse<String> found = Http.get(url);
            assertThat(found.statusCode()).isEqualTo(200);
            String expected = base + (path.equals("/mcp") ? "/mcp" : "/sse");
            assertThat(new JsonObject(found.body()).getString("resource")).isEqualTo(expected);
        }
    }

    @Test
    void goodTokenPassesOnEveryMethodAndInAnyCaseOfTheScheme() {
        good();
        for (String method : METHODS) {
            for (String scheme : List.of("Bearer", "bearer", "BEARER", "bEaReR")) {
                HttpResponse<String> passed = send(method, "/mcp", "Authorization", scheme + " good-token");
                assertThat(passed.statusCode()).isEqualTo(200);
                assertThat(passed.body()).isEqualTo("usr_alice usr_alice " + (method.equals("POST") ? 2 : 0));
            }
        }
    }

    @Test
    void badTokenIsRefusedAsInvalid() {
        authServer.issue("foreign", "alice", "mcp:read", "http://localhost:1/mcp");
        for (String bad : List.of("made-up-token", "foreign", "mal formed", "ma\"l", "")) {
            for (String method : METHODS) {
                HttpResponse<String> refused = send(method, "/mcp", "Authorization", "Bearer " + bad);
                assertThat(refused.statusCode()).isEqualTo(401);
                assertThat(challenge(refused)).startsWith("Bearer error=\"invalid_token\"")
                    .contains("resource_metadata=\"" + base + "/.well-known/oauth-protected-resource/mcp\"", SCOPES);
                if (bad.length() > 4) {
                    assertThat(challenge(refused) + refused.body()).doesNotContain(bad);
                }
            }
        }
        assertThat(passed).hasValue(0);
    }

    @Test
    void tokenInTheUrlIsRefusedEvenBesideAGoodHeader() {
        good();
        for (String query : List.of("?access_token=good-token", "?a=b&access_token=good-token")) {
            HttpResponse<String> refused = send("POST", "/mcp" + query, "Authorization", "Bearer good-token");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(challenge(refused)).contains("error=\"invalid_request\"");
            assertThat(send("POST", "/mcp" + query).statusCode()).isEqualTo(400);
        }
        assertThat(passed).hasValue(0);
        assertThat(send("POST", "/mcp?note=access_token", "Authorization", "Bearer good-token").statusCode()).isEqualTo(200);
    }

    @Test
    void twoAuthorizationHeadersAreRefused() {
        good();
        HttpResponse<String> refused = send("POST", "/mcp", "Authorization", "Bearer good-token", "Authorization", "Bearer good-token");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(challenge(refused)).contains("error=\"invalid_request\"");
        assertThat(passed).hasValue(0);
    }

    @Test
    void missingScopeIsNamedTogetherWithThoseThatTheTokenHas() {
        good();
        HttpResponse<String> refused = send("POST", "/write", "Authorization", "Bearer good-token");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(challenge(refused)).contains("error=\"insufficient_scope\"", SCOPES, "resource_metadata=");
    }

    @Test
    void silenceOfTheAuthorizationServerIsNot401() {
        good();
        authServer.kill();
        HttpResponse<String> refused = send("POST", "/mcp", "Authorization", "Bearer good-token");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(challenge(refused)).isNull();

        authServer.start();
        assertThat(send("POST", "/mcp", "Authorization", "Bearer good-token").statusCode()).isEqualTo(200);
    }

    @Test
    void refusedCredentialsOfThisServerAreNot401() {
        authServer.answer(401, "{\"error\":\"invalid_client\"}");
        HttpResponse<String> refused = send("POST", "/mcp", "Authorization", "Bearer never-seen-token");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
        assertThat(challenge(refused)).isNull();
        assertThat(refused.body()).contains("temporarily_unavailable").contains("Its operator must set them").doesNotContain("never-seen-token");
    }

    @Test
    void browserIsShownAPageWithTheSameChallenge() {
        HttpResponse<String> page = send("GET", "/mcp", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(challenge(page)).isEqualTo(challenge(send("GET", "/mcp")));
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
            .contains("default-src 'none'", "frame-ancestors 'none'").doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
        assertThat(page.body()).contains(base + "/mcp", base + "/sse", authServer.issuer(), "mcp_config.json", "YOUR-CLIENT-ID").doesNotContain("{{");
    }

    @Test
    void metadataSaysWhatThisServerIs() {
        for (String path : List.of("/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource")) {
            HttpResponse<String> found = send("GET", path);
            assertThat(found.statusCode()).isEqualTo(200);
            assertThat(found.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(found.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
            assertThat(found.headers().firstValue("Cache-Control")).hasValue("public, max-age=300");
            assertThat(new JsonObject(found.body())).isEqualTo(new JsonObject()
                .put("resource", base + "/mcp").put("authorization_servers", JsonArray.of(authServer.issuer()))
                .put("scopes_supported", JsonArray.of("mcp:read", "mcp:write")).put("bearer_methods_supported", JsonArray.of("header"))
                .put("dpop_signing_alg_values_supported", new JsonArray(DpopVerifier.algorithms()))
                .put("resource_name", "Gatehouse MCP server").put("resource_documentation", "https://docs.example/"));
            assertThat(send("HEAD", path).statusCode()).isEqualTo(200);
            assertThat(send("OPTIONS", path).statusCode()).isEqualTo(204);
            HttpResponse<String> posted = send("POST", path);
            assertThat(posted.statusCode()).isEqualTo(405);
            assertThat(posted.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
        }
    }

    @Test
    void largeBodyOfARefusedRequestDoesNotBreakTheConnection() {
        good();
        String large = "x".repeat(3_000_000);
        assertThat(Http.send("POST", base + "/mcp", large, "Authorization", "Bearer unknown").statusCode()).isEqualTo(401);
        HttpResponse<String> accepted = Http.send("POST", base + "/mcp", large, "Authorization", "Bearer good-token");
        assertThat(accepted.body()).endsWith(" 3000000");
    }
}
