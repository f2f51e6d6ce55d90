package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Product;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The servers under test: one of each over SQLite files, or two of each over one PostgreSQL database. */
final class Installation implements AutoCloseable {

    /** Calls of a tool that one principal has in a month. */
    static final int QUOTA = 150;
    private static final String DISK_SIZE = "192m";
    private static final String DATABASE_DISK_SIZE = "320m";
    private static final String UNLIMITED = "unlimited";

    enum Engine {
        SQLITE, POSTGRESQL
    }

    private final Engine engine;
    private final Vertx vertx;
    private final Disk disk;
    private final Path directory = Product.scratch("chaos");
    private final SystemFaults databaseFaults = new SystemFaults();
    private final Postgres postgres;
    private final List<Link> links = new ArrayList<>();
    private final List<Node> authorizationServers = new ArrayList<>();
    private final List<Node> mcpServers = new ArrayList<>();
    private final String issuer;
    private final String resource;

    Installation(Engine engine, Vertx vertx) throws IOException {
        this.engine = engine;
        this.vertx = vertx;
        // PostgreSQL runs as another user, who may not reach the directories of the tests.
        Path data = engine == Engine.SQLITE ? Product.scratch("disk") : Files.createTempDirectory("gatehouse-chaos");
        disk = Disk.mount(data, engine == Engine.SQLITE ? DISK_SIZE : DATABASE_DISK_SIZE);
        postgres = engine == Engine.POSTGRESQL ? Postgres.syncing(data, databaseFaults.environment()) : null;
        Path home = Files.createDirectory((engine == Engine.SQLITE ? data : directory).resolve("home"));
        String database = postgres == null ? null : postgres.createDatabase();
        int[] ports = Stream.generate(Ports::free).limit(4).mapToInt(Integer::intValue).toArray();
        issuer = "http://localhost:" + ports[0];
        resource = "http://localhost:" + ports[1] + "/mcp";
        for (int i = 0; i < (engine == Engine.SQLITE ? 1 : 2); i++) {
            JsonObject store = store(database);
            authorizationServers.add(Node.authorizationServer("authz" + (i + 1), ports[2 * i], home, directory, authorizationServer(ports[2 * i], store)));
            mcpServers.add(Node.mcpServer("mcp" + (i + 1), ports[2 * i + 1], home, directory, mcpServer(ports[2 * i + 1], store.copy())));
        }
        // The first of each creates the keys and the tables.
        for (int i = 0; i < authorizationServers.size(); i++) {
            authorizationServers.get(i).start();
            mcpServers.get(i).start();
            authorizationServers.get(i).awaitReady();
            mcpServers.get(i).awaitReady();
        }
    }

    private JsonObject store(String database) {
        if (database == null) {
            return new JsonObject();
        }
        Link link = new Link(vertx, postgres.port());
        links.add(link);
        return new JsonObject().put("url", database.replace(":" + postgres.port() + "/", ":" + link.port() + "/"));
    }

    private JsonObject authorizationServer(int port, JsonObject store) {
        JsonObject limits = new JsonObject();
        Stream.of("token", "authorize", "introspect", "revoke", "register").forEach(name -> limits.put(name + "PerMinute", UNLIMITED));
        return new JsonObject().put("port", port).put("issuer", issuer).put("defaultResource", resource).put("store", store)
            .put("rateLimits", limits).put("device", new JsonObject().put("selfRegisteredClients", true))
            .put("registration", new JsonObject().put("dynamic", new JsonObject().put("maximumClients", 1_000_000).put("grantTypes", new JsonArray()
                .add("authorization_code").add("refresh_token").add("client_credentials").add("urn:ietf:params:oauth:grant-type:device_code"))));
    }

    private JsonObject mcpServer(int port, JsonObject store) {
        return new JsonObject().put("port", port).put("authServer", issuer).put("resource", resource).put("store", store)
            .put("allowedHosts", new JsonArray().add("localhost:" + port)).put("usage", new JsonObject().put("requestsPerMonth", QUOTA));
    }

    Engine engine() {
        return engine;
    }

    String issuer() {
        return issuer;
    }

    List<Node> authorizationServers() {
        return authorizationServers;
    }

    List<Node> mcpServers() {
        return mcpServers;
    }

    List<Node> nodes() {
        return Stream.concat(authorizationServers.stream(), mcpServers.stream()).toList();
    }

    List<Link> links() {
        return links;
    }

    Postgres postgres() {
        return postgres;
    }

    /** The faults of PostgreSQL. */
    SystemFaults databaseFaults() {
        return databaseFaults;
    }

    /** The file system of the SQLite files or of PostgreSQL; null if none could be mounted. */
    Disk disk() {
        return disk;
    }

    /** Ends the faults of PostgreSQL that keep it from starting, and starts it if it has ended. */
    void reviveDatabase() {
        if (disk != null) {
            disk.empty();
        }
        databaseFaults.failSync(false);
        postgres.revive();
    }

    /** The demo client at one of the authorization servers. */
    OAuthClient client(Node node) {
        OAuthClient demo = OAuthClient.demo(node.origin());
        return new OAuthClient(node.origin(), demo.id(), demo.secret(), demo.redirectUri());
    }

    /** Registers a client that has tokens of its own, and thereby notes and a quota of its own. */
    OAuthClient register(String grant) {
        HttpResponse<String> response = Http.post(issuer + "/oauth/register", Http.JSON, new JsonObject().put("client_name", "Chaos")
            .put("grant_types", new JsonArray().add(grant)).put("scope", OAuthClient.SCOPES)
            .put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback"))
            .put("token_endpoint_auth_method", grant.equals("client_credentials") ? "client_secret_basic" : "none").encode());
        if (response.statusCode() != 201) {
            throw new IllegalStateException("No registration: " + response.body());
        }
        JsonObject client = new JsonObject(response.body());
        return new OAuthClient(issuer, client.getString("client_id"), client.getString("client_secret"), null);
    }

    /** Ends all faults, starts what has ended, and waits until every node is ready. */
    void heal() {
        if (disk != null) {
            disk.empty();
        }
        links.forEach(Link::repair);
        if (postgres != null) {
            reviveDatabase();
        }
        for (Node node : nodes()) {
            node.faults().failSync(false);
            node.faults().setClockAhead(0);
            node.resume();
            node.revive();
        }
        nodes().forEach(Node::awaitReady);
    }

    @Override
    public void close() {
        nodes().forEach(Node::resume);
        nodes().forEach(Node::kill);
        if (postgres != null) {
            postgres.close();
        }
        if (disk != null) {
            disk.unmount();
        }
    }

    /** A small file system of its own that can be filled. */
    record Disk(Path root) {

        /** Returns null if none can be mounted here. */
        static Disk mount(Path root, String size) {
            return Product.run(List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", root.toString()), Map.of(), "").exitCode() == 0
                ? new Disk(root) : null;
        }

        void fill() {
            long usable = root.toFile().getUsableSpace();
            if (usable > 0) {
                Product.run(List.of("fallocate", "-l", Long.toString(usable), filler().toString()), Map.of(), "");
            }
        }

        void empty() {
            filler().toFile().delete();
        }

        void unmount() {
            Product.run(List.of("umount", root.toString()), Map.of(), "");
        }

        private Path filler() {
            return root.resolve("filler");
        }
    }
}
