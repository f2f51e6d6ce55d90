package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Stored logins, from {@code gatehouse login} to {@code gatehouse logout}. */
@Gatehouse
final class StoredLoginIT {

    private final RunningGatehouse gatehouse;
    private final Path home = Product.scratch("login");

    StoredLoginIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void aLoginIsStoredAndUsedByLaterCommandsUntilTheLogout() {
        logIn(gatehouse, home, gatehouse.mcp(), "--bearer");
        Product.Result listed = run("connect", gatehouse.mcp(), "--no-browser", "--list");
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        assertThat(listed.err()).doesNotContain("Authentication required");

        Product.Result token = run("token", gatehouse.mcp());
        assertThat(token.exitCode()).as(token.err()).isZero();
        String access = token.out().strip();
        assertThat(McpSession.open(gatehouse.mcp(), access).tool("get_user_profile", new JsonObject()).encode()).contains("testuser");

        Product.Result logout = run("logout", gatehouse.mcp());
        assertThat(logout.exitCode()).as(logout.err()).isZero();
        assertThat(logout.out()).contains("has revoked the tokens");
        assertThat(gatehouse.active(access)).isFalse();
        assertThat(run("whoami").out()).contains("There is no stored login");
        assertThat(run("token", gatehouse.mcp()).exitCode()).isEqualTo(1);
        assertThat(run("logout", gatehouse.mcp()).out()).contains("There is no stored login for " + gatehouse.mcp());
    }

    @Test
    void aClientThatAuthenticatesByAKeyIsLoggedOutByIt() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("logout").generate();
        Path keys = Files.writeString(home.resolve("keys.json"), new JWKSet(key.toPublicJWK()).toString());
        Product.Result added = gatehouse.run("client", "add", "logout-by-key", "--confidential", "--auth-method", "private_key_jwt", "--jwks", keys.toString(),
            "--grant", "client_credentials", "--scope", "mcp:read");
        assertThat(added.exitCode()).as(added.err()).isZero();
        JsonObject auth = new JsonObject().put("grant", "client_credentials").put("issuer", gatehouse.issuer()).put("client_id", "logout-by-key")
            .put("scope", "mcp:read").put("private_key", key.toJSONString());
        String config = Files.writeString(home.resolve("servers.json"), new JsonObject().put("servers", JsonArray.of(new JsonObject().put("name", "job")
            .put("url", gatehouse.mcp()).put("auth", auth))).encode()).toString();
        Product.Result called = run("connect", "job", "--config", config, "--call", "get_user_profile");
        assertThat(called.exitCode()).as(called.err()).isZero();
        assertThat(called.out()).contains("logout-by-key");
        Product.Result logout = run("logout", "job", "--config", config);
        assertThat(logout.exitCode()).as(logout.out() + logout.err()).isZero();
        assertThat(logout.out()).contains("has revoked the tokens");
    }

    @Test
    void theListOfLoginsNamesServerIssuerClientScopesAndExpiryAndNoSecret() {
        logIn(gatehouse, home, gatehouse.mcp(), "--bearer");
        String access = run("token", gatehouse.mcp()).out().strip();
        JsonArray logins = new JsonArray(run("whoami", "--json").out());
        assertThat(logins).hasSize(1);
        JsonObject login = logins.getJsonObject(0);
        assertThat(login.getString("server")).isEqualTo(gatehouse.mcp());
        assertThat(login.getString("resource")).isEqualTo(gatehouse.mcp());
        assertThat(login.getString("issuer")).isEqualTo(gatehouse.issuer());
        assertThat(login.getJsonArray("scopes")).contains("mcp:read");
        assertThat(login.getString("client")).isNotBlank();
        assertThat(login.getInstant("token_expires")).isNotNull();
        assertThat(login.getBoolean("refreshable")).isTrue();
        assertThat(login.encode()).doesNotContain(access).doesNotContain("ghr_");
        assertThat(run("whoami").out()).contains(gatehouse.issuer()).doesNotContain(access);
    }

    @Test
    void theFilesAreForTheirOwnerAndShowNoToken() throws IOException {
        logIn(gatehouse, home, gatehouse.mcp(), "--bearer");
        String access = run("token", gatehouse.mcp()).out().strip();
        Path directory = home.resolve("credentials");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
        List<Path> files = files(directory);
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------");
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).doesNotContain(access).doesNotContain("localhost");
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        }
    }

    @Test
    void aLoginNamesItsAuthorizationServerWhereTheServerDoesNotRun() {
        String resource = "http://localhost:1/mcp";
        Product.Result alone = run("login", resource, "--no-browser");
        assertThat(alone.exitCode()).as(alone.err()).isNotZero();
        assertThat(run("whoami", "--json").out().strip()).isEqualTo("[ ]");
        logIn(gatehouse, home, gatehouse.mcp(), "--auth-server", gatehouse.issuer());
        assertThat(run("whoami").out()).contains(gatehouse.mcp());
    }

    @Test
    void whatBelongsToAnotherKeyIsNotUsedAndEndsNothing() throws IOException {
        logIn(gatehouse, home, gatehouse.mcp(), "--bearer");
        Path key = home.resolve("keys/credentials.key");
        byte[] right = Files.readAllBytes(key);
        Files.delete(key);
        assertThat(run("token", gatehouse.mcp()).exitCode()).isEqualTo(1);
        Files.write(key, right);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Product.Result again = run("token", gatehouse.mcp());
        assertThat(again.exitCode()).as(again.err()).isZero();
    }

    @Test
    void theTokenOfAStoredLoginTakesNoOptionsOfTheDemo() {
        assertThat(run("token", gatehouse.mcp(), "--scope", "mcp:read").exitCode()).isEqualTo(2);
        Product.Result demo = run("token", "--auth-server", gatehouse.issuer(), "--resource", gatehouse.mcp());
        assertThat(demo.exitCode()).as(demo.err()).isZero();
    }

    private Product.Result run(String... arguments) {
        return Product.run(home, arguments);
    }

    /** Signs in as the demo user, by the browser. */
    static void logIn(RunningGatehouse gatehouse, Path home, String target, String... more) {
        String[] arguments = Stream.concat(Stream.of("login", target, "--no-browser"), Stream.of(more)).toArray(String[]::new);
        try (TypedProcess login = TypedProcess.start(Product.environment(home), arguments)) {
            Http.get(gatehouse.journey().allow(login.authorizationUrl()).toString());
            assertThat(login.exitCode()).as(login.err()).isZero();
            assertThat(login.out()).contains(gatehouse.issuer());
        }
    }
}
