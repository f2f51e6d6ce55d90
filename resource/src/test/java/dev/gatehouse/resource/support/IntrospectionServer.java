package dev.gatehouse.resource.support;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server as far as a resource server sees one: metadata and introspection, over real HTTP, driven by a test. */
public final class IntrospectionServer {

    private final Vertx vertx;
    private final Clock clock;
    private final Map<String, JsonObject> tokens = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final AtomicInteger keyFetches = new AtomicInteger();
    private volatile JsonObject keys;
    private HttpServer server;
    private int port;
    private volatile int metadataStatus = 200;
    private volatile String rawAnswer;
    private volatile int status = 200;
    private volatile Future<Void> gate = Future.succeededFuture();

    public IntrospectionServer(Vertx vertx, Clock clock) {
        this.vertx = vertx;
        this.clock = clock;
    }

    public IntrospectionServer start() {
        server = Waiting.on(vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1"));
        port = server.actualPort();
        return this;
    }

    /** Connections are refused from here on. */
    public void kill() {
        Waiting.on(server.close());
    }

    public String issuer() {
        return "http://localhost:" + port;
    }

    /** Makes a token good for an hour. */
    public String issue(String token, String username, String scope, Object audience) {
        return issue(token, new JsonObject().put("active", true).put("iss", issuer()).put("sub", "usr_" + username)
            .put("username", username).put("email", username + "@example.com").put("name", "The " + username)
            .put("created_at", "2024-01-01T00:00:00Z").put("last_login", "2024-01-28T10:30:00Z")
            .put("client_id", "mcp-test-client").put("scope", scope).put("aud", audience).put("token_type", "Bearer")
            .put("exp", clock.millis() / 1000 + 3_600));
    }

    public String issue(String token, JsonObject claims) {
        tokens.put(token, claims);
        return token;
    }

    public JsonObject claims(String token) {
        return tokens.get(token);
    }

    public void revoke(String token) {
        tokens.remove(token);
    }

    public void withoutMetadata() {
        metadataStatus = 404;
    }

    public void breakMetadata() {
        metadataStatus = 500;
    }

    /** Introspection answers this, whatever is asked. */
    public void answer(int withStatus, String body) {
        status = withStatus;
        rawAnswer = body;
    }

    /** Introspection waits until the promise is completed. */
    public Promise<Void> hold() {
        Promise<Void> release = Promise.promise();
        gate = release.future();
        return release;
    }

    /** How often introspection was asked. */
    public int questions() {
        return questions.get();
    }

    /** The Authorization headers that introspection saw. */
    public List<String> authorizations() {
        return authorizations;
    }

    /** Publishes these keys from now on; null for an error. */
    public void publish(JsonObject jwks) {
        keys = jwks;
    }

    /** How often the keys were fetched. */
    public int keyFetches() {
        return keyFetches.get();
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/.well-known/oauth-authorization-server")) {
            sendMetadata(request);
        } else if (request.path().equals("/oauth/introspect")) {
            questions.incrementAndGet();
            if (request.getHeader("Authorization") != null) {
                authorizations.add(request.getHeader("Authorization"));
            }
            request.setExpectMultipart(true).end().compose(read -> gate).onSuccess(open -> introspect(request));
        } else if (request.path().equals("/keys")) {
            keyFetches.incrementAndGet();
            JsonObject published = keys;
            request.response().setStatusCode(published == null ? 500 : 200).end(published == null ? "" : published.encode());
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void sendMetadata(HttpServerRequest request) {
        if (metadataStatus != 200) {
            request.response().setStatusCode(metadataStatus).end();
            return;
        }
        request.response().putHeader("Content-Type", "application/json").end(new JsonObject().put("issuer", issuer())
            .put("jwks_uri", issuer() + "/keys")
            .put("introspection_endpoint", issuer() + "/oauth/introspect").put("grant_types_supported", new JsonArray()).toBuffer());
    }

    private void introspect(HttpServerRequest request) {
        JsonObject claims = tokens.getOrDefault(request.getFormAttribute("token"), new JsonObject().put("active", false));
        request.response().setStatusCode(status).putHeader("Content-Type", "application/json")
            .end(rawAnswer == null ? claims.encode() : rawAnswer);
    }
}
