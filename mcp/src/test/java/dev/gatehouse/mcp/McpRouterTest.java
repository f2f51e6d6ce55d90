package dev.gatehouse.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Content.Text;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.PromptCall;
import dev.gatehouse.mcp.api.PromptDefinition;
import dev.gatehouse.mcp.api.PromptResult;
import dev.gatehouse.mcp.api.PromptResult.Message;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.testing.McpAnswer;
import dev.gatehouse.mcp.testing.McpTestClient;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An application mounts several routers below its paths, beside its own routes. */
@Timeout(60)
class McpRouterTest {

    private final Vertx vertx = Vertx.vertx();
    private int port;
    private final List<McpRouter> mounted = new CopyOnWriteArrayList<>();
    private IntrospectionServer authServer;

    @BeforeEach
    void start() {
        port = Ports.free();
        authServer = new IntrospectionServer(vertx, Clock.systemUTC()).start();
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    /** An application of so many instances, each of which mounts what it likes. */
    private void deploy(int instances, BiConsumer<Vertx, Router> mounting) {
        Waiting.on(vertx.deployVerticle(() -> new VerticleBase() {
            @Override
            public Future<?> start() {
                Router router = Router.router(vertx);
                mounting.accept(vertx, router);
                return vertx.createHttpServer().requestHandler(router).listen(port, "localhost");
            }
        }, new DeploymentOptions().setInstances(instances)));
    }

    private void mount(Vertx on, Router router, String path, McpServerBuilder builder) {
        Router below = Router.router(on);
        mounted.add(builder.mount(on, below));
        router.route(path + "/*").subRouter(below);
    }

    private String base() {
        return "http://localhost:" + port;
    }

    private McpTestClient client(String path) {
        return McpTestClient.of(vertx, base() + path + "/mcp");
    }

    private McpAnswer call(String path, String tool) {
        return Waiting.on(client(path).call(tool, new JsonObject()));
    }

    private static McpServerBuilder named(String... tools) {
        McpServerBuilder builder = McpRouter.named("same", "1.0.0");
        for (String tool : tools) {
            builder.tool(new Says(tool));
        }
        return builder;
    }

    private record Says(String name) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(name, name, "Says its name.", Schemas.NO_ARGUMENTS, null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of("mcp:read");
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return Future.succeededFuture(ToolResult.of(name));
        }
    }

    @Test
    void aProtectedToolIsNotAnsweredAtTheOpenPathOfARouterOfTheSameName() {
        deploy(2, (on, router) -> {
            mount(on, router, "/closed", named("secret").protectedBy(authServer.issuer(), base() + "/closed/mcp"));
            mount(on, router, "/open", named("open"));
        });
        for (int i = 0; i < 4; i++) {
            assertThat(call("/open", "open").text()).isEqualTo("open");
            assertThat(call("/open", "secret").errorCode()).isEqualTo(-32602);
            assertThat(call("/closed", "secret").status()).isEqualTo(401);
        }
    }

    @Test
    void twoRoutersThatAreAlikeInEverythingShareNothingAndEachIsSharedByItsInstances() {
        deploy(2, (on, router) -> {
            mount(on, router, "/one", named("open"));
            mount(on, router, "/two", named("open"));
        });
        mounted.get(0).registry().add(new Says("later"));

        for (int i = 0; i < 4; i++) {
            assertThat(call("/one", "later").text()).isEqualTo("later");
            assertThat(call("/two", "later").errorCode()).isEqualTo(-32602);
            assertThat(call("/two", "open").text()).isEqualTo("open");
        }
    }

    @Test
    void aRouterThatClosesLeavesTheOtherOfItsNameServing() {
        deploy(1, (on, router) -> {
            mount(on, router, "/one", named("open"));
            mount(on, router, "/two", named("open"));
        });
        mounted.get(0).close();

        assertThat(call("/two", "open").text()).isEqualTo("open");
    }

    @Test
    void scopesThatOneRouterAddsToATokenAreNotBelievedByAnotherOfTheSameResource() {
        String resource = base() + "/mcp";
        deploy(1, (on, router) -> {
            mount(on, router, "/wide", named("open").protectedBy(authServer.issuer(), resource)
                .scopes(ScopeHierarchy.of(Map.of("all", List.of("mcp:read")))));
            mount(on, router, "/flat", named("open").protectedBy(authServer.issuer(), resource));
        });
        String token = authServer.issue("token", "alice", "all", resource);

        assertThat(Waiting.on(client("/wide").withToken(token).call("open", new JsonObject())).text()).isEqualTo("open");
        assertThat(Waiting.on(client("/flat").withToken(token).call("open", new JsonObject())).status()).isEqualTo(403);
    }

    @Test
    void theChallengeNamesMetadataThatAnswersWhereverTheServerIsMounted() {
        deploy(1, (on, router) -> {
            mount(on, router, "/api/tools", named("open").protectedBy(authServer.issuer(), base() + "/api/tools/mcp").metadataOn(router));
            mount(on, router, "/elsewhere", named("open").protectedBy(authServer.issuer(), base() + "/named/otherwise/mcp"));
            McpRouter root = named("open").protectedBy(authServer.issuer(), base() + "/behind/proxy/mcp").mount(on, router);
            router.get("/report").handler(root.authentication()).handler(context -> context.end("report"));
        });
        assertMetadata("/api/tools/mcp", "/api/tools/mcp");
        assertMetadata("/api/tools/sse", "/api/tools/sse");
        assertMetadata("/elsewhere/mcp", "/named/otherwise/mcp");
        assertMetadata("/mcp", "/behind/proxy/mcp");
        assertMetadata("/report", "/behind/proxy/mcp");
        assertThat(metadata(base() + "/.well-known/oauth-protected-resource/api/tools/mcp").getString("resource"))
            .isEqualTo(base() + "/api/tools/mcp");
    }

    @Test
    void metadataHasNoParameterWithoutAValue() {
        deploy(1, (on, router) -> mount(on, router, "", named("plain").protectedBy(authServer.issuer(), base() + "/mcp")));
        JsonObject found = metadata(base() + "/.well-known/oauth-protected-resource/mcp");
        assertThat(found.getString("resource")).isEqualTo(base() + "/mcp");
        assertThat(found.getMap().values()).doesNotContainNull().doesNotContain(new JsonArray());
    }

    private void assertMetadata(String path, String resource) {
        HttpResponse<Buffer> refused = Waiting.on(WebClient.create(vertx).getAbs(base() + path).send());
        assertThat(refused.statusCode()).as(path).isEqualTo(401);
        Matcher url = Pattern.compile("resource_metadata=\"([^\"]+)\"").matcher(refused.getHeader("WWW-Authenticate"));
        assertThat(url.find()).isTrue();
        assertThat(metadata(url.group(1)).getString("resource")).isEqualTo(base() + resource);
    }

    private JsonObject metadata(String url) {
        HttpResponse<Buffer> found = Waiting.on(WebClient.create(vertx).getAbs(url).send());
        assertThat(found.statusCode()).as(url).isEqualTo(200);
        return found.bodyAsJsonObject();
    }

    @Test
    void aRouteBehindTheAuthenticationNeedNotKnowOfPausedRequests() throws IOException {
        deploy(1, (on, router) -> {
            McpRouter mcp = named("open").protectedBy(authServer.issuer(), base() + "/mcp").mount(on, router);
            router.post("/unread").handler(mcp.authentication()).handler(context -> context.end("unread"));
            router.post("/read").handler(mcp.authentication())
                .handler(context -> context.request().body().onSuccess(body -> context.end("read " + body.length())));
            router.get("/plain").handler(mcp.authentication()).handler(context -> context.end("plain"));
        });
        String body = "x".repeat(100_000);
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            BufferedReader answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            // Each token is new, and has to be asked about while its request waits.
            assertThat(exchange(socket, answers, "POST /unread", "first", body)).isEqualTo("unread");
            assertThat(exchange(socket, answers, "POST /read", "second", body)).isEqualTo("read 100000");
            assertThat(exchange(socket, answers, "GET /plain", "third", "")).isEqualTo("plain");
            assertThat(exchange(socket, answers, "POST /read", "third", body)).isEqualTo("read 100000");
        }
    }

    private String exchange(Socket socket, BufferedReader answers, String line, String token, String body) throws IOException {
        authServer.issue(token, "alice", "mcp:read", base() + "/mcp");
        socket.getOutputStream().write((line + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: "
            + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        assertThat(answers.readLine()).isEqualTo("HTTP/1.1 200 OK");
        int length = 0;
        for (String header = answers.readLine(); !header.isEmpty(); header = answers.readLine()) {
            length = header.toLowerCase(Locale.ROOT).startsWith("content-length:") ? Integer.parseInt(header.substring(15).strip()) : length;
        }
        char[] text = new char[length];
        for (int read = 0; read < length; read += answers.read(text, read, length - read)) {
            assertThat(read).isGreaterThanOrEqualTo(0);
        }
        return new String(text);
    }

    private record Greets(String name) implements Prompt {

        @Override
        public PromptDefinition definition() {
            return new PromptDefinition(name, name, "Says hello.", List.of());
        }

        @Override
        public Future<PromptResult> get(PromptCall call) {
            return Future.succeededFuture(new PromptResult("A greeting", List.of(Message.user(new Text("Hello")))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "größe", "メモ", "🤖 Bot", " padded ", "=?base64?YQ==?="})
    void theTestClientPutsAnyNameIntoTheHeader(String name) {
        deploy(1, (on, router) -> mount(on, router, "/any", McpRouter.named("any", "1.0.0").prompt(new Greets(name))));
        assertThat(Waiting.on(client("/any").prompt(name, new JsonObject())).result().encode()).contains("Hello");
        McpAnswer unknown = Waiting.on(client("/any").prompt(name + "é", new JsonObject()));
        assertThat(unknown.errorCode()).as("not -32020, the header's").isEqualTo(-32602);
    }

    @Test
    void nameOfAnArgumentIsQuotedInPartAndEscaped() {
        deploy(1, (on, router) -> mount(on, router, "/any", McpRouter.named("any", "1.0.0").prompt(new Greets("greet"))));
        assertThat(refusal("a\u202Eb\u001B[2J")).isEqualTo("The argument a\\u202eb\\u001b[2J must be a string");
        assertThat(refusal("x".repeat(40_000))).isEqualTo("The argument " + "x".repeat(64) + "… must be a string");
    }

    private String refusal(String argument) {
        McpAnswer refused = Waiting.on(client("/any").prompt("greet", new JsonObject().put(argument, 1)));
        assertThat(refused.errorCode()).isEqualTo(-32602);
        return refused.message().getJsonObject("error").getString("message");
    }
}
