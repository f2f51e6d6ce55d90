package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** An MCP server and its authorization server in one, both healthy until a fault changes their answers. Each login is allowed at once. */
final class PatientServer implements AutoCloseable {

    static final String ACCESS_TOKEN = "marked-access-token-5f1c";
    static final String REFRESH_TOKEN = "marked-refresh-token-77aa";
    static final String CODE = "marked-code-0b9d";
    static final String SESSION = "marked-session-c3e2";
    static final String REGISTRATION_TOKEN = "marked-registration-token-91d4";
    static final String COOKIE = "marked-cookie-66fe";
    static final String PAGE_SECRET = "marked-form-token-2d7b";

    /** An answer on its way, for a fault to change. */
    static final class Reply {

        final HttpServerRequest request;
        final JsonObject body;
        int status = 200;
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        JsonObject json;
        String text;
        /** True for a stream, which stays open. */
        boolean open;
        /** True for an answer that something holds back. */
        boolean held;
        /** True for a stream whose events something holds back. */
        boolean buffered;

        final String form;

        Reply(HttpServerRequest request, JsonObject body, String form) {
            this.request = request;
            this.body = body;
            this.form = form;
        }

        String path() {
            return request.path();
        }

        boolean is(String method, String path) {
            return request.method().name().equals(method) && request.path().equals(path);
        }

        boolean isMetadataOfResource() {
            return path().startsWith("/.well-known/oauth-protected-resource") && request.method().name().equals("GET");
        }

        boolean isMetadataOfServer() {
            return path().startsWith("/.well-known/oauth-authorization-server") && request.method().name().equals("GET");
        }

        boolean isUnauthorized() {
            return status == 401 && path().equals("/mcp");
        }

        boolean refreshes() {
            return form.contains("grant_type=refresh_token");
        }

        boolean isResultOf(String method) {
            return method.equals(body.getString("method")) && json != null && json.containsKey("result");
        }

        void put(String name, Object value) {
            json.put(name, value);
        }

        void answer(int newStatus, String html) {
            status = newStatus;
            json = null;
            text = html;
            headers.set("Content-Type", "text/html");
        }
    }

    private final HttpServer server;
    private final String base;
    private final Consumer<Reply> fault;
    private final Map<String, List<String>> clients = new ConcurrentHashMap<>();
    private final HttpCaller documents;
    private volatile HttpServerResponse sse;
    private volatile boolean fetchesDocuments = true;
    private boolean codeUsed;

    PatientServer(Vertx vertx, int port, Consumer<Reply> fault) {
        this(vertx, new HttpServerOptions().setHost("127.0.0.1").setPort(port), "127.0.0.1", fault);
    }

    PatientServer(Vertx vertx, HttpServerOptions options, String host, Consumer<Reply> fault) {
        this.fault = fault;
        this.documents = new HttpCaller(vertx);
        this.base = (options.isSsl() ? "https://" : "http://") + host + ":";
        server = Waiting.on(vertx.createHttpServer(options).connectionHandler(connection -> connection.exceptionHandler(reset -> { }))
            .requestHandler(request -> request.body().onSuccess(body -> readDocument(request).onComplete(read -> reply(request, body)))).listen());
    }

    /** Makes it a server that fetches no documents of this machine, as servers in production do. */
    PatientServer withoutDocuments() {
        fetchesDocuments = false;
        return this;
    }

    String origin() {
        return base + server.actualPort();
    }

    String url() {
        return origin() + "/mcp";
    }

    /** Fetches the document of a client that registers by one. */
    private Future<?> readDocument(HttpServerRequest request) {
        String id = request.getParam("client_id");
        return !fetchesDocuments || !request.path().equals("/authorize") || id == null || !id.startsWith("http://") ? Future.succeededFuture()
            : documents.call(HttpCall.get(URI.create(id), "application/json")).onSuccess(answer -> clients.put(id, Evidence.texts(answer.json().orElseThrow(), "redirect_uris").toList()));
    }

    private void reply(HttpServerRequest request, Buffer body) {
        JsonObject json = body.length() > 0 && body.getByte(0) == '{' ? new JsonObject(body) : new JsonObject();
        Reply reply = new Reply(request, json, body.toString());
        reply.headers.set("Access-Control-Allow-Origin", "*").set("Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id");
        if (request.method().name().equals("OPTIONS")) {
            reply.status = 204;
            reply.headers.set("Access-Control-Allow-Methods", "GET, POST, DELETE").set("Access-Control-Allow-Headers",
                "Authorization, Content-Type, MCP-Protocol-Version, Mcp-Session-Id");
        } else {
            route(reply, body.toString());
        }
        fault.accept(reply);
        if (reply.status == 0) {
            request.connection().close();
            return;
        }
        reply.headers.forEach((name, value) -> request.response().headers().add(name, value));
        if (reply.json != null && !reply.headers.contains("Content-Type")) {
            request.response().putHeader("Content-Type", "application/json");
        }
        if (reply.held) {
            return;
        }
        if (reply.is("POST", "/messages") && !reply.buffered) {
            answerByStream(reply);
        }
        request.response().setStatusCode(reply.status);
        if (reply.open) {
            request.response().setChunked(true).putHeader("Content-Type", "text/event-stream").writeHead();
            if (!reply.buffered) {
                request.response().write(reply.text);
            }
            return;
        }
        request.response().end(reply.json != null ? reply.json.encode() : reply.text == null ? "" : reply.text);
    }

    private void route(Reply reply, String body) {
        switch (reply.path()) {
            case "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource" -> reply.json = new JsonObject().put("resource", url())
                .put("authorization_servers", JsonArray.of(origin())).put("scopes_supported", JsonArray.of("notes")).put("bearer_methods_supported", JsonArray.of("header"));
            case "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/mcp" -> reply.json = metadata();
            case "/jwks" -> reply.json = new JsonObject().put("keys", JsonArray.of(new JsonObject().put("kty", "EC")));
            case "/register" -> register(reply);
            case "/authorize" -> authorize(reply);
            case "/token" -> token(reply, Exchange.parameters(body));
            case "/mcp" -> mcp(reply);
            case "/sse" -> {
                sse = reply.request.response();
                stream(reply, "event: endpoint\ndata: /messages?sessionId=" + SESSION + "\n\n");
            }
            case "/messages" -> reply.status = 202;
            default -> reply.status = reply.path().startsWith("/register/") ? 204 : 404;
        }
    }

    private JsonObject metadata() {
        return new JsonObject().put("issuer", origin()).put("authorization_endpoint", origin() + "/authorize").put("token_endpoint", origin() + "/token")
            .put("registration_endpoint", origin() + "/register").put("jwks_uri", origin() + "/jwks").put("response_types_supported", JsonArray.of("code"))
            .put("grant_types_supported", JsonArray.of("authorization_code", "refresh_token")).put("code_challenge_methods_supported", JsonArray.of("S256"))
            .put("token_endpoint_auth_methods_supported", JsonArray.of("none", "client_secret_basic")).put("client_id_metadata_document_supported", true)
            .put("authorization_response_iss_parameter_supported", true).put("scopes_supported", JsonArray.of("notes"));
    }

    private void register(Reply reply) {
        List<String> redirectUris = Evidence.texts(reply.body, "redirect_uris").toList();
        if (redirectUris.stream().anyMatch(uri -> uri.startsWith("javascript:"))) {
            reply.status = 400;
            reply.json = new JsonObject().put("error", "invalid_redirect_uri");
            return;
        }
        String id = "client-" + clients.size();
        clients.put(id, redirectUris);
        reply.status = 201;
        reply.json = reply.body.copy().put("client_id", id).put("registration_access_token", REGISTRATION_TOKEN).put("registration_client_uri", origin() + "/register/" + id);
    }

    private void authorize(Reply reply) {
        Map<String, String> parameters = new HashMap<>();
        reply.request.params().forEach(each -> parameters.put(each.getKey(), each.getValue()));
        String redirectUri = parameters.get("redirect_uri");
        List<String> registered = clients.getOrDefault(parameters.get("client_id"), List.of());
        if (registered.stream().noneMatch(uri -> uri.replaceAll(":\\d+/", "/").equals(redirectUri.replaceAll(":\\d+/", "/")))) {
            reply.answer(400, "<p>Unknown redirect URI</p>");
            return;
        }
        String error = !"code".equals(parameters.get("response_type")) ? "error=unsupported_response_type" : parameters.get("code_challenge") == null
            ? "error=invalid_request" : null;
        boolean allowed = parameters.containsKey("allow");
        if (error == null && !allowed) {
            reply.answer(200, "<form><input type=\"password\"><input type=hidden value=\"" + PAGE_SECRET + "\"></form>");
            reply.headers.set("X-Frame-Options", "DENY").add("Set-Cookie", "session=" + COOKIE + "; HttpOnly");
            return;
        }
        reply.status = 302;
        reply.headers.set("Location", redirectUri + "?" + (error == null ? "code=" + CODE : error) + "&state=" + parameters.get("state") + "&iss="
            + FormParameters.encode(origin()));
    }

    private void token(Reply reply, Map<String, String> form) {
        boolean isRefresh = "refresh_token".equals(form.get("grant_type")) && REFRESH_TOKEN.equals(form.get("refresh_token"));
        if (!isRefresh && (!CODE.equals(form.get("code")) || codeUsed)) {
            reply.status = 400;
            reply.json = new JsonObject().put("error", "invalid_grant");
            return;
        }
        codeUsed = true;
        reply.headers.set("Cache-Control", "no-store");
        reply.json = new JsonObject().put("access_token", jwt(url())).put("token_type", "Bearer").put("expires_in", 3600).put("scope", "notes")
            .put("refresh_token", REFRESH_TOKEN);
    }

    static String jwt(String audience) {
        JsonObject claims = new JsonObject().put("aud", audience).put("jti", ACCESS_TOKEN);
        return encode("{\"alg\":\"ES256\"}") + "." + encode(claims.encode()) + "." + encode(ACCESS_TOKEN);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void mcp(Reply reply) {
        String token = reply.request.getHeader("Authorization");
        if (!("Bearer " + jwt(url())).equals(token)) {
            reply.status = 401;
            reply.headers.set("WWW-Authenticate", "Bearer " + (token == null ? "" : "error=\"invalid_token\", ") + "resource_metadata=\"" + origin()
                + "/.well-known/oauth-protected-resource/mcp\", scope=\"notes\"");
            reply.json = new JsonObject().put("error", "unauthorized");
            return;
        }
        if (reply.request.method().name().equals("GET")) {
            stream(reply, "");
            return;
        }
        if (reply.body.getString("method", "").equals("subscriptions/listen")) {
            stream(reply, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\"}\n\n");
            return;
        }
        JsonObject result = switch (reply.body.getString("method", "")) {
            case "initialize" -> new JsonObject().put("protocolVersion", reply.body.getJsonObject("params").getString("protocolVersion"))
                .put("capabilities", new JsonObject().put("tools", new JsonObject())).put("serverInfo", new JsonObject().put("name", "patient").put("version", "1"));
            case "server/discover" -> new JsonObject().put("supportedVersions", JsonArray.of("2026-07-28"));
            case "tools/list" -> new JsonObject().put("tools", JsonArray.of(tool()));
            default -> null;
        };
        if (result == null) {
            reply.status = 202;
            return;
        }
        reply.headers.set("Mcp-Session-Id", SESSION);
        reply.json = new JsonObject().put("jsonrpc", "2.0").put("id", reply.body.getValue("id")).put("result", result);
    }

    private static void stream(Reply reply, String events) {
        reply.open = true;
        reply.text = events;
    }

    /** Answers a message of the transport HTTP+SSE by its stream. */
    private void answerByStream(Reply reply) {
        JsonObject answer = new JsonObject().put("jsonrpc", "2.0").put("id", reply.body.getValue("id")).put("result", new JsonObject().put("protocolVersion", "2024-11-05"));
        sse.write("event: message\ndata: " + answer.encode() + "\n\n");
    }

    static JsonObject tool() {
        return new JsonObject().put("name", "add_note").put("inputSchema", new JsonObject().put("type", "object").put("properties",
            new JsonObject().put("tags", new JsonObject().put("type", "array").put("items", new JsonObject().put("type", "string")))));
    }

    @Override
    public void close() {
        Waiting.on(server.close());
    }
}
