package dev.gatehouse.authz.support;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.user.Argon2id;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A server with people who can log in, and clients that send them there. */
public final class FrontServer implements AutoCloseable {

    public static final String CALLBACK = "http://127.0.0.1:41100/callback";
    public static final String WEB_CALLBACK = "https://app.example.com/cb?tenant=a%20b";
    private static final PasswordHashOptions CHEAP = new PasswordHashOptions(64, 1, 1, 2);

    private final RunningServer server;

    /** @param changes to the configuration, as authz.json has it */
    public FrontServer(JsonObject changes) {
        server = RunningServer.start(changes);
        addUser("anna", "correct horse");
        addUser("bob", "battery staple");
        addClient("confidential", ClientAuthMethod.CLIENT_SECRET_BASIC, "http://127.0.0.1/callback",
            "http://localhost/callback", "http://[::1]/callback", WEB_CALLBACK, "urn:ietf:wg:oauth:2.0:oob",
            "com.example.app:/callback");
        addClient("public", ClientAuthMethod.NONE, "http://127.0.0.1/callback");
    }

    private void addUser(String name, String password) {
        Waiting.on(server.users().add(new User("usr_" + name, name, new Argon2id(CHEAP).hash(password), null, null,
            false, server.clock().millis(), null)));
    }

    public void addClient(String id, ClientAuthMethod method, String... redirectUris) {
        server.add(new Client(id, "The <b>" + id + "</b> app", List.of(), Set.of(method), List.of(redirectUris),
            Set.of("authorization_code"), Scopes.of("mcp:read", "mcp:write"), List.of(), server.clock().millis()));
    }

    public String issuer() {
        return server.issuer();
    }

    public TestClock clock() {
        return server.clock();
    }

    public RunningServer running() {
        return server;
    }

    public Browser browser() {
        return Browser.withOpaqueOrigin(server.issuer());
    }

    /** Reads the database, for assertions on its state. */
    public List<SqlRow> rows(String sql) {
        return Waiting.on(server.database().read(sql));
    }

    public int codes() {
        return rows("SELECT code_hash FROM authorization_code").size();
    }

    /** All that the store's files hold, the write-ahead log too, byte by byte. */
    public String dump() {
        try (Stream<Path> files = Files.list(server.directory())) {
            StringBuilder dump = new StringBuilder();
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("authz.db")).toList()) {
                dump.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return dump.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server and starts it again on the same store, with some settings changed. */
    public void restart(JsonObject changes) {
        server.restart(changes);
    }

    @Override
    public void close() {
        server.close();
    }
}
