package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Serves a short load on both demo servers, in one process with them. The JVM archives the classes that they load and, since
 * version 25, the profiles of their methods (JEP 483, JEP 515), so that a later start serves fast at once. Needs a data home of its own.
 */
public final class ServerTraining {

    private static final long LONGEST_MILLIS = 150_000;
    private static final long LOAD_MILLIS = 4_000;
    private static final long POLL_MILLIS = 20;
    private static final int CONNECTIONS = 8;
    private static final String REVISION = "2025-11-25";
    private static final String STATELESS = "2026-07-28";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String DEMO_CLIENT = "Basic "
        + Base64.getEncoder().encodeToString("mcp-test-client:mcp-test-secret".getBytes(StandardCharsets.US_ASCII));

    private final HttpClient http;
    private final String issuer;
    private final String mcp;
    private final Vertx vertx;
    private long endsAt;

    private ServerTraining(Vertx vertx, String issuer, String mcp) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.issuer = issuer;
        this.mcp = mcp;
    }

    /**
     * Starts the servers as their commands do, sends requests for a few seconds, and ends the process.
     *
     * @param arguments ignored
     * @throws IOException if there is no free port, or the data home is not writable
     */
    public static void main(String[] arguments) throws IOException {
        Logging.configure();
        Vertx vertx = Vertx.vertx();
        vertx.setTimer(LONGEST_MILLIS, late -> Runtime.getRuntime().halt(1));
        int port = freePort();
        int mcpPort = freePort();
        String issuer = "http://localhost:" + port;
        String mcp = "http://localhost:" + mcpPort;
        JsonObject limits = new JsonObject().put("tokenPerMinute", "unlimited").put("introspectPerMinute", "unlimited");
        JsonObject quota = new JsonObject().put("requestsPerMonth", Integer.MAX_VALUE).put("tokensPerMonth", Integer.MAX_VALUE);
        DataHome home = DataHome.of(System.getenv());
        home.prepare();
        // Every command, so that its classes are in the archive too.
        Gatehouse.commandLine();
        Runnable authorizationServer = command(home.file("authz.json"), new JsonObject().put("profile", "demo").put("issuer", issuer)
            .put("defaultResource", mcp + "/mcp").put("rateLimits", limits), "authz", "--port", String.valueOf(port));
        Runnable mcpServer = command(home.file("resource.json"), new JsonObject().put("profile", "demo")
            .put("resource", mcp + "/mcp").put("authServer", issuer).put("usage", quota), "mcp", "--transport", "http", "--port", String.valueOf(mcpPort));
        new ServerTraining(vertx, issuer, mcp).run(authorizationServer, mcpServer).await();
        // Ended by force, because the event loops still run.
        System.exit(0);
    }

    /** Returns what starts a command that serves until the process ends. */
    private static Runnable command(Path configuration, JsonObject json, String... arguments) throws IOException {
        Files.writeString(configuration, json.encode());
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("-conf", configuration.toString())).toArray(String[]::new);
        Thread thread = new Thread(() -> ServerMain.run(all), all[0]);
        thread.setDaemon(true);
        return thread::start;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Starts one server after the other, because classes that two threads initialize at once may wait for each other. */
    private Future<?> run(Runnable authorizationServer, Runnable mcpServer) {
        authorizationServer.run();
        return served(issuer + "/health").onSuccess(served -> mcpServer.run()).compose(served -> served(mcp + "/health")).compose(served -> pages()).compose(seen -> token())
            .compose(token -> openSession(token).compose(session -> load(token, session)));
    }

    /** Completes when a server answers. */
    private Future<?> served(String url) {
        return send(HttpMethod.GET, url, Map.of(), null).recover(early -> vertx.timer(POLL_MILLIS, TimeUnit.MILLISECONDS)
            .compose(later -> served(url)).mapEmpty());
    }

    /** The documents and pages that a client and a browser ask for first. */
    private Future<?> pages() {
        String authorize = issuer + "/oauth/authorize?" + FormParameters.encode(Map.of("response_type", "code", "client_id", "mcp-test-client",
            "redirect_uri", "http://127.0.0.1/callback", "scope", "mcp:read", "code_challenge_method", "S256", "resource", mcp + "/mcp",
            "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        return each(List.of(issuer + "/.well-known/oauth-authorization-server", issuer + "/.well-known/openid-configuration",
            issuer + "/oauth/jwks", mcp + "/.well-known/oauth-protected-resource/mcp", mcp + "/mcp", authorize, issuer + "/health"));
    }

    private Future<?> each(List<String> urls) {
        Future<?> done = Future.succeededFuture();
        for (String url : urls) {
            done = done.compose(before -> send(HttpMethod.GET, url, Map.of(), null));
        }
        return done;
    }

    private Future<String> token() {
        return issue().map(answer -> answer.toJsonObject().getString("access_token"));
    }

    private Future<Buffer> issue() {
        return post(issuer + "/oauth/token", Map.of("Authorization", DEMO_CLIENT, "Content-Type", FORM),
            FormParameters.encode(Map.of("grant_type", "client_credentials", "resource", mcp + "/mcp")));
    }

    private Future<String> openSession(String token) {
        JsonObject initialize = message("initialize", new JsonObject().put("protocolVersion", REVISION).put("capabilities", new JsonObject())
            .put("clientInfo", clientInfo()));
        return send(HttpMethod.POST, mcp + "/mcp", mcpHeaders(token, REVISION, Map.of()), initialize.encode())
            .map(response -> response.getHeader("Mcp-Session-Id"))
            .compose(session -> post(mcp + "/mcp", mcpHeaders(token, REVISION, Map.of("Mcp-Session-Id", session)),
                new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized").encode()).map(session));
    }

    private Future<?> load(String token, String session) {
        endsAt = System.nanoTime() + LOAD_MILLIS * 1_000_000;
        JsonObject arguments = new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject());
        JsonObject meta = new JsonObject().put("io.modelcontextprotocol/protocolVersion", STATELESS)
            .put("io.modelcontextprotocol/clientInfo", clientInfo()).put("io.modelcontextprotocol/clientCapabilities", new JsonObject());
        Map<String, String> inSession = mcpHeaders(token, REVISION, Map.of("Mcp-Session-Id", session));
        Map<String, String> stateless = mcpHeaders(token, STATELESS, Map.of("Mcp-Method", "tools/call", "Mcp-Name", "get_user_profile"));
        String call = message("tools/call", arguments).encode();
        String statelessCall = message("tools/call", arguments.copy().put("_meta", meta)).encode();
        return Future.all(IntStream.range(0, CONNECTIONS).mapToObj(i -> switch (i % 4) {
            case 0 -> repeat(this::issue);
            case 1 -> repeat(() -> post(issuer + "/oauth/introspect", Map.of("Authorization", DEMO_CLIENT, "Content-Type", FORM),
                FormParameters.encode(Map.of("token", token))));
            case 2 -> repeat(() -> post(mcp + "/mcp", inSession, call));
            default -> repeat(() -> post(mcp + "/mcp", stateless, statelessCall));
        }).toList());
    }

    private Future<?> repeat(Supplier<Future<Buffer>> request) {
        return request.get().compose(answer -> System.nanoTime() < endsAt ? repeat(request) : Future.succeededFuture());
    }

    private static JsonObject message(String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", method).put("params", params);
    }

    private static JsonObject clientInfo() {
        return new JsonObject().put("name", "training").put("version", "1");
    }

    private static Map<String, String> mcpHeaders(String token, String revision, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json",
            "Accept", "application/json, text/event-stream", "MCP-Protocol-Version", revision));
        headers.putAll(more);
        return headers;
    }

    private Future<Buffer> post(String url, Map<String, String> headers, String body) {
        return http.request(new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url)).compose(request -> {
            headers.forEach(request::putHeader);
            return request.send(body).compose(HttpClientResponse::body);
        });
    }

    /** Reads and discards the body. */
    private Future<HttpClientResponse> send(HttpMethod method, String url, Map<String, String> headers, String body) {
        return http.request(new RequestOptions().setMethod(method).setAbsoluteURI(url)).compose(request -> {
            headers.forEach(request::putHeader);
            return (body == null ? request.send() : request.send(body)).compose(response -> response.body().map(response));
        });
    }
}
