package dev.gatehouse.authz.support;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.AuthzVerticle;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.interaction.InteractionStore;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.token.AuthorizationCodeStore.AuthorizationCode;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.http.HeldMemory;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The verticle on a store of its own, spoken to over HTTP, and its store as another process would open it. */
public final class RunningServer implements AutoCloseable {

    public static final String RESOURCE = "http://localhost:8001/mcp";
    public static final String SUB = "usr_alice";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Vertx vertx;
    private final Path directory;
    private final int port;
    private final String issuer;
    private final TestClock clock = new TestClock();
    private Database database;
    private JsonObject configuration;
    private int instances;
    private String deployment;

    private RunningServer(Vertx vertx, Path directory, int port, String issuer) {
        this.vertx = vertx;
        this.directory = directory;
        this.port = port;
        this.issuer = issuer;
    }

    public static RunningServer start() {
        return start(new JsonObject());
    }

    /** Starts with a configuration that is laid over the one that tests start from. */
    public static RunningServer start(JsonObject overrides) {
        return start(temporaryDirectory(), overrides, 1);
    }

    public static RunningServer start(Path directory, JsonObject overrides, int instances) {
        Vertx vertx = Vertx.vertx();
        int port = overrides.getInteger("port", Ports.free());
        JsonObject configuration = configuration(directory, port).mergeIn(overrides, true);
        RunningServer server = new RunningServer(vertx, directory, port, configuration.getString("issuer"));
        try {
            server.configuration = configuration;
            server.instances = instances;
            server.deploy();
            AuthzOptions options = AuthzOptions.of(ConfigFile.check(configuration, AuthzOptions.SCHEMA, Map.of()));
            server.database = Waiting.on(Database.open(vertx, options.store(), DataHome.of(Map.of()), directory.resolve("authz.db"), "db/authz"));
            if (Waiting.on(server.database.read("SELECT sub FROM user_account WHERE sub = $1", SUB)).isEmpty()) {
                Waiting.on(server.users().add(new User(SUB, "alice", "$none", "alice@example.com", "Alice", false, server.clock.millis(), null)));
            }
        } catch (RuntimeException e) {
            Waiting.on(vertx.close());
            throw e;
        }
        return server;
    }

    public static JsonObject configuration(Path directory, int port) {
        return new JsonObject().put("port", port).put("issuer", "http://localhost:" + port).put("store", store(directory))
            .put("database", new JsonObject().put("file", directory.resolve("authz.db").toString()))
            .put("keyFile", directory.resolve("authz.key").toString())
            .put("stopping", new JsonObject().put("graceSeconds", 1))
            .put("passwordHash", new JsonObject().put("memoryKibibytes", 64).put("iterations", 1));
    }

    /** The section that names the store of a directory; empty for a file in it. */
    public static JsonObject store(Path directory) {
        if (!Postgres.isChosen()) {
            return new JsonObject();
        }
        String url = Postgres.shared().databaseOf(directory);
        return new JsonObject().put("url", url.replaceFirst(":[^:@/]*@", "@"))
            .put("postgresql", new JsonObject().put("password", Postgres.PASSWORD).put("tls", "disable"));
    }

    public static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "authz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String issuer() {
        return issuer;
    }

    /** A section of the configuration; empty if there is none. */
    public JsonObject section(String name) {
        return configuration.getJsonObject(name, new JsonObject());
    }

    public Path directory() {
        return directory;
    }

    /** The memory that its requests share. */
    public HeldMemory heldMemory() {
        return HeldMemory.of(vertx);
    }

    public TestClock clock() {
        return clock;
    }

    public Database database() {
        return database;
    }

    public UserStore users() {
        return new UserStore(database);
    }

    public ClientStore clients() {
        return new ClientStore(database);
    }

    /** Registers a client in the store. Returns it. */
    public Client add(Client client) {
        Waiting.on(clients().add(client));
        return client;
    }

    /** Stores an approval as the consent page does. */
    public Approval approve(String clientId, String scopes, List<String> resources) {
        return approve(SUB, clientId, scopes, resources);
    }

    /** The same by another user. */
    public Approval approve(String sub, String clientId, String scopes, List<String> resources) {
        return approve(sub, clientId, scopes, resources, null);
    }

    /** The same for a code that is bound to a key. */
    public Approval approve(String clientId, String thumbprint) {
        return approve(SUB, clientId, "mcp:read mcp:write", List.of(RESOURCE), thumbprint);
    }

    private Approval approve(String sub, String clientId, String scopes, List<String> resources, String thumbprint) {
        String interaction = SecretToken.hash(SecretToken.generate("int_"));
        String code = SecretToken.generate("ghc_");
        String verifier = Approval.newVerifier();
        long now = clock.millis();
        String grantId = TokenIssuer.newGrantId();
        Waiting.on(database.write(statements -> statements.update("INSERT INTO interaction (interaction_hash, browser_hash,"
            + " request, state, expires_at) VALUES ($1, 'b', '{}', 'authenticated', $2)", interaction, now + 60_000)));
        Waiting.on(new InteractionStore(database).approve(interaction, new AuthorizationCode(grantId, SecretToken.hash(code), sub, clientId,
            Clients.REDIRECT_URI, Approval.challengeOf(verifier), Scopes.parse(scopes), resources, now, now + 60_000,
            now + 7_776_000_000L, new LoginClaims(now, List.of()), null, thumbprint)));
        return new Approval(code, verifier, grantId, Clients.REDIRECT_URI);
    }

    public Approval approve(String clientId) {
        return approve(clientId, "mcp:read mcp:write", List.of(RESOURCE));
    }

    /** Posts a form of names and values in turn. */
    public Answer post(String path, String... form) {
        return postAs(null, path, form);
    }

    /** Posts a form with an {@code Authorization} header. */
    public Answer postAs(String authorization, String path, String... form) {
        return send(request(path, authorization).POST(HttpRequest.BodyPublishers.ofString(encode(form)))
            .header("Content-Type", "application/x-www-form-urlencoded"));
    }

    /** Posts a document. */
    public Answer postJson(String path, JsonObject document) {
        return send(request(path, null).POST(HttpRequest.BodyPublishers.ofString(document.encode()))
            .header("Content-Type", "application/json"));
    }

    public HttpRequest.Builder request(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    /** Sends the characters of a request that no HTTP client would send. Returns all that comes until the server closes. */
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            return Answer.of(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Posts the same form many times at once. */
    public List<Answer> postAtOnce(int times, String authorization, String path, String... form) {
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            sent.add(http.sendAsync(request(path, authorization).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form))).build(), HttpResponse.BodyHandlers.ofString()));
        }
        return sent.stream().map(answer -> Answer.of(answer.join())).toList();
    }

    public boolean isActive(String token) {
        return post("/oauth/introspect", "token", token).requireOk().json().getBoolean("active");
    }

    private void deploy() {
        deployment = Waiting.on(vertx.deployVerticle(() -> new AuthzVerticle(clock, System.getenv()),
            new DeploymentOptions().setConfig(configuration.copy()).setInstances(instances)));
    }

    /** Stops the verticle and starts it again on the same store, with some settings changed. */
    public void restart(JsonObject changes) {
        Waiting.on(undeploy());
        configuration.mergeIn(changes, true);
        deploy();
    }

    /** Stops the verticle, and leaves the store open. */
    public Future<Void> undeploy() {
        return vertx.undeploy(deployment);
    }

    public static String basic(String clientId, String secret) {
        return rawBasic(urlEncode(clientId), urlEncode(secret));
    }

    public static String rawBasic(String clientId, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    public static String encode(String... form) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < form.length; i += 2) {
            pairs.add(urlEncode(form[i]) + "=" + urlEncode(form[i + 1]));
        }
        return String.join("&", pairs);
    }

    private static String urlEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        Waiting.on(database.close());
        Waiting.on(vertx.close());
    }
}
