package dev.gatehouse.authz.support;

import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A server on which clients publish their metadata documents. */
public final class DocumentServer implements AutoCloseable {

    public static final String CALLBACK = "http://127.0.0.1/callback";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Consumer<HttpServerRequest>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final String origin;

    public DocumentServer() {
        this(new HttpServerOptions());
    }

    /** @param options with TLS, or none */
    public DocumentServer(HttpServerOptions options) {
        int port = Waiting.on(vertx.createHttpServer(options).requestHandler(this::answer).listen(0, "localhost")).actualPort();
        origin = (options.isSsl() ? "https" : "http") + "://localhost:" + port;
    }

    private void answer(HttpServerRequest request) {
        asked.add(request.path());
        answers.getOrDefault(request.path(), unknown -> unknown.response().setStatusCode(404).end()).accept(request);
    }

    public String url(String path) {
        return origin + path;
    }

    /** A document like those that MCP clients publish, with some members changed; a null value leaves one out. */
    public JsonObject document(String path, Object... changes) {
        JsonObject document = new JsonObject().put("client_id", url(path)).put("client_name", "Example MCP Client")
            .put("client_uri", "https://app.example.com").put("logo_uri", "https://app.example.com/logo.png")
            .put("redirect_uris", new JsonArray().add(CALLBACK).add("https://app.example.com/cb"))
            .put("grant_types", new JsonArray().add("authorization_code").add("refresh_token"))
            .put("response_types", new JsonArray().add("code")).put("token_endpoint_auth_method", "none");
        for (int i = 0; i < changes.length; i += 2) {
            document.remove((String) changes[i]);
            if (changes[i + 1] != null) {
                document.put((String) changes[i], changes[i + 1]);
            }
        }
        return document;
    }

    /** Publishes a document. Returns its URL. */
    public String publish(String path, JsonObject document, String... headers) {
        return on(path, request -> {
            HttpServerResponse response = request.response().putHeader("Content-Type", "application/json");
            for (int i = 0; i < headers.length; i += 2) {
                response.putHeader(headers[i], headers[i + 1]);
            }
            response.end(document.encode());
        });
    }

    /** Answers as told. Returns the URL. */
    public String on(String path, Consumer<HttpServerRequest> answer) {
        answers.put(path, answer);
        return url(path);
    }

    /** Returns the number of requests for a path. */
    public long asked(String path) {
        return asked.stream().filter(path::equals).count();
    }

    @Override
    public void close() {
        Waiting.on(vertx.close());
    }
}
