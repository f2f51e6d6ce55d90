package dev.gatehouse.client.command;

import dev.gatehouse.client.credential.CredentialFiles;
import dev.gatehouse.client.oauth.AuthorizationServer;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.DpopKey;
import dev.gatehouse.client.oauth.OAuthClient;
import dev.gatehouse.client.oauth.TokenSet;
import dev.gatehouse.shared.cli.Gatehouse;
import dev.gatehouse.shared.cli.Logging;
import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Runs the commands of the client once, with a small server in the same process. The JVM archives the classes that they load, for
 * their later starts (JEP 483, training run). Needs a data home of its own. The chat reads from standard input.
 */
public final class TrainingRun {

    private static final long LONGEST_MILLIS = 60_000;
    private static final String REVISION = "2025-11-25";

    private TrainingRun() {
    }

    /** Runs the commands; or, with {@code login URL}, only stores a login for an MCP server whose authorization server does not run. */
    public static void main(String[] arguments) throws IOException {
        Logging.configure();
        Vertx vertx = Vertx.vertx();
        long limit = vertx.setTimer(LONGEST_MILLIS, late -> Runtime.getRuntime().halt(1));
        DataHome home = DataHome.of(System.getenv()).prepare();
        CredentialFiles files = new CredentialFiles(vertx, home);
        if (arguments.length == 2 && arguments[0].equals("login")) {
            files.save(credential("http://127.0.0.1:1", arguments[1])).await();
        } else {
            train(vertx, home, files);
        }
        // The JVM writes the archive at its exit, which may take long on a busy machine.
        vertx.cancelTimer(limit);
        // Ended by force, because the event loops still run.
        System.exit(0);
    }

    private static void train(Vertx vertx, DataHome home, CredentialFiles files) throws IOException {
        HttpServer server = vertx.createHttpServer().requestHandler(TrainingRun::handle).listen(0, "127.0.0.1").await();
        String origin = "http://127.0.0.1:" + server.actualPort();
        files.save(credential(origin, origin + "/mcp")).await();
        JsonArray servers = JsonArray.of(new JsonObject().put("name", "training").put("transport", "http").put("url", origin + "/mcp"));
        Files.writeString(home.file("mcp_config.json"), new JsonObject().put("servers", servers).encode());
        runAll(origin);
    }

    private static void runAll(String origin) {
        Gatehouse.run("connect", "training", "--list");
        Gatehouse.run("connect", origin + "/mcp", "--protocol-version", REVISION, "--call", "echo", "--arguments", "{\"text\": \"training\"}");
        Gatehouse.run("whoami");
        InputStream input = System.in;
        String handshake = request(1, "initialize", new JsonObject().put("protocolVersion", REVISION).put("capabilities", new JsonObject())
            .put("clientInfo", new JsonObject().put("name", "training").put("version", "1"))) + "\n"
            + new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized").encode() + "\n"
            + request(2, "tools/list", new JsonObject()) + "\n";
        System.setIn(new ByteArrayInputStream(handshake.getBytes(StandardCharsets.UTF_8)));
        Gatehouse.run("stdio", origin + "/mcp", "--no-browser");
        System.setIn(input);
        Gatehouse.run("chat", "--model-url", origin + "/v1", "--model", "training");
    }

    private static String request(int id, String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params).encode();
    }

    private static Credential credential(String issuer, String resource) {
        JsonObject metadata = new JsonObject().put("issuer", issuer).put("token_endpoint", issuer + "/token");
        TokenSet tokens = new TokenSet("training", "DPoP", Instant.now().plus(1, ChronoUnit.HOURS), "training", "mcp:read");
        return new Credential(resource, resource, AuthorizationServer.of(issuer, metadata),
            new OAuthClient(issuer, "training", null, "none", null), tokens, "mcp:read", DpopKey.generate());
    }

    private static void handle(HttpServerRequest request) {
        if (request.method() != HttpMethod.POST) {
            request.response().setStatusCode(405).end();
            return;
        }
        request.body().onSuccess(body -> {
            JsonObject message = body.toJsonObject();
            if (request.path().startsWith("/v1")) {
                json(request, new JsonObject().put("choices", JsonArray.of(new JsonObject().put("message",
                    new JsonObject().put("role", "assistant").put("content", "training")))));
            } else if (!message.containsKey("id")) {
                request.response().setStatusCode(202).end();
            } else {
                answer(request, new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id"))
                    .put("result", result(message.getString("method"))));
            }
        });
    }

    private static void answer(HttpServerRequest request, JsonObject response) {
        if (response.getJsonObject("result").containsKey("content")) {
            request.response().putHeader("Content-Type", "text/event-stream").end("event: message\ndata: " + response.encode() + "\n\n");
        } else {
            json(request, response);
        }
    }

    private static void json(HttpServerRequest request, JsonObject body) {
        request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
    }

    private static JsonObject result(String method) {
        JsonObject capabilities = new JsonObject().put("tools", new JsonObject());
        return switch (method) {
            case "server/discover" -> new JsonObject().put("resultType", "complete").put("supportedVersions", JsonArray.of("2026-07-28"))
                .put("capabilities", capabilities);
            case "initialize" -> new JsonObject().put("protocolVersion", REVISION).put("capabilities", capabilities)
                .put("serverInfo", new JsonObject().put("name", "training").put("version", "1"));
            case "tools/list" -> new JsonObject().put("resultType", "complete").put("tools", JsonArray.of(new JsonObject().put("name", "echo")
                .put("inputSchema", new JsonObject().put("type", "object"))));
            default -> new JsonObject().put("resultType", "complete").put("content", JsonArray.of(new JsonObject().put("type", "text")
                .put("text", "training")));
        };
    }
}
