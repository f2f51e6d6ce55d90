package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.secret.KeyFile;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqliteDatabase;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

class StartupTest {

    private final Vertx vertx = Vertx.vertx();
    private final Path directory = RunningServer.temporaryDirectory();
    private final int port = Ports.free();

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void demoListensOnThisMachineOnly() {
        assertThatThrownBy(() -> start(new JsonObject().put("host", "0.0.0.0")))
            .isInstanceOf(StartupException.class).hasMessageContaining("host:").hasMessageContaining("demo");
        start(new JsonObject().put("host", "127.0.0.1"));
    }

    @Test
    void plainHttpIsForLoopbackOnly() {
        assertThatThrownBy(() -> start(new JsonObject().put("issuer", "http://login.example")))
            .isInstanceOf(StartupException.class).hasMessageContaining("issuer:").hasMessageContaining("https");
        assertThatThrownBy(() -> start(production().put("host", "0.0.0.0")))
            .isInstanceOf(StartupException.class).hasMessageContaining("host: 0.0.0.0").hasMessageContaining("TLS");
        start(production().put("host", "0.0.0.0").put("trustedProxies", new JsonArray().add("192.0.2.1")));
    }

    @Test
    void productionBehindAProxyThatIsNotNamedIsNoticed() {
        AuthzOptions unnamed = AuthzOptions.of(production().put("issuer", "https://login.example"));
        assertThat(StartupRules.notices(unnamed)).singleElement().asString().startsWith("trustedProxies");
        assertThat(StartupRules.notices(AuthzOptions.of(production().put("issuer", "https://login.example")
            .put("trustedProxies", new JsonArray().add("10.0.0.0/8"))))).isEmpty();
        assertThat(StartupRules.notices(AuthzOptions.of(new JsonObject()))).as("the demo").isEmpty();
        assertThatThrownBy(() -> start(new JsonObject().put("trustedProxies", new JsonArray().add("10.0.0.0/40"))))
            .isInstanceOf(StartupException.class).hasMessageContaining("trustedProxies: 10.0.0.0/40");
        start(new JsonObject().put("trustedProxies", new JsonArray().add("10.0.0.0/8").add("2001:db8::/32")));
    }

    @Test
    void certificatesAreAskedForOnlyWhereTheyCanArrive() {
        JsonObject mutualTls = new JsonObject().put("enabled", true);
        JsonObject proxies = new JsonObject().put("trustedProxies", new JsonArray().add("127.0.0.1"));
        assertThatThrownBy(() -> start(new JsonObject().put("mutualTls", mutualTls)))
            .isInstanceOf(StartupException.class).hasMessageContaining("mutualTls.enabled:").hasMessageContaining("trustedProxies");
        assertThatThrownBy(() -> start(proxies.copy().put("mutualTls", mutualTls)))
            .isInstanceOf(StartupException.class).hasMessageContaining("mutualTls.enabled:");
        assertThatThrownBy(() -> start(new JsonObject().put("mutualTls", mutualTls.copy().put("proxyHeader", true))))
            .isInstanceOf(StartupException.class).hasMessageContaining("mutualTls.enabled:");
        start(proxies.put("mutualTls", mutualTls.copy().put("proxyHeader", true)));
    }

    @Test
    void lostOrOtherKeyFileIsARefusalThatNamesIt() throws IOException {
        Path keyFile = directory.resolve("authz.key");
        Waiting.on(vertx.undeploy(start(new JsonObject())));
        byte[] key = Files.readAllBytes(keyFile);

        Files.delete(keyFile);
        assertThatThrownBy(() -> start(new JsonObject())).isInstanceOf(StartupException.class)
            .hasMessageContaining(keyFile.toString()).hasMessageContaining("is missing").hasMessageContaining("backup");
        assertThat(keyFile).as("no other key is made in its place").doesNotExist();

        KeyFile.loadOrCreate(keyFile);
        assertThatThrownBy(() -> start(new JsonObject())).isInstanceOf(StartupException.class)
            .hasMessageContaining(keyFile.toString()).hasMessageContaining("a different key");

        Files.write(keyFile, key);
        start(new JsonObject());
    }

    /** A database of a version that kept no check value: its sealed signing keys tell. */
    @Test
    @DisabledIfEnvironmentVariable(named = "GATEHOUSE_TEST_STORE", matches = "postgresql", disabledReason = "opens the SQLite file")
    void databaseWithoutACheckValueKnowsItsKeyByWhatWasSealed() throws IOException {
        Path keyFile = directory.resolve("authz.key");
        Waiting.on(vertx.undeploy(start(new JsonObject())));
        byte[] key = Files.readAllBytes(keyFile);
        forgetCheckValue();

        Files.delete(keyFile);
        assertThatThrownBy(() -> start(new JsonObject())).isInstanceOf(StartupException.class).hasMessageContaining("is missing");
        KeyFile.loadOrCreate(keyFile);
        assertThatThrownBy(() -> start(new JsonObject())).isInstanceOf(StartupException.class).hasMessageContaining("a different key");
        Files.write(keyFile, key);
        start(new JsonObject());
    }

    private void forgetCheckValue() {
        Database database = Waiting.on(SqliteDatabase.open(vertx, directory.resolve("authz.db"), "db/authz"));
        int removed = Waiting.on(database.write(statements -> statements.update("DELETE FROM key_check")));
        assertThat(removed).isEqualTo(1);
        Waiting.on(database.close());
    }

    @Test
    void scopesAreDeclaredOnceAndImplyInNoCircle() {
        assertThatThrownBy(() -> start(scopes(scope("a", "b"), scope("b", "c"), scope("c", "a"))))
            .isInstanceOf(StartupException.class).hasMessageContaining("a implies b implies c implies a");
        assertThatThrownBy(() -> start(scopes(scope("a", "b")))).isInstanceOf(StartupException.class)
            .hasMessageContaining("a implies b, which is not declared");
        assertThatThrownBy(() -> start(scopes(scope("a"), scope("a")))).isInstanceOf(StartupException.class)
            .hasMessageContaining("a is declared twice");
        start(scopes(scope("a", "b", "c"), scope("b", "c"), scope("c")));
    }

    @Test
    void schemeThatNoApplicationHasIsNoOperatorsToName() {
        for (String scheme : List.of("javascript", "http", "itms-services")) {
            assertThatThrownBy(() -> start(new JsonObject().put("registration", new JsonObject().put("redirectSchemes", new JsonArray().add(scheme)))))
                .isInstanceOf(StartupException.class).hasMessageContaining("registration.redirectSchemes: " + scheme);
        }
        start(new JsonObject().put("registration", new JsonObject().put("redirectSchemes", new JsonArray().add("myapp"))));
    }

    private static JsonObject scopes(JsonObject... scopes) {
        return new JsonObject().put("scopes", new JsonArray(List.of(scopes)));
    }

    private static JsonObject scope(String name, String... implied) {
        return new JsonObject().put("name", name).put("implies", new JsonArray(List.of(implied)));
    }

    @Test
    void productionNamesEverySettingToMend() throws IOException {
        Path key = Files.createFile(directory.resolve("authz.key"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        JsonObject configuration = new JsonObject().put("profile", "production").put("introspection", new JsonObject().put("openOnLoopback", true));
        assertThatThrownBy(() -> start(configuration)).isInstanceOf(StartupException.class)
            .hasMessageContaining("issuer:").hasMessageContaining("introspection.openOnLoopback:")
            .hasMessageContaining("keyFile:").hasMessageContaining("chmod 600");
        Files.delete(key);
        start(production());
    }

    @Test
    void productionRefusesAStoreWithTheDemosCredentials() {
        Waiting.on(vertx.undeploy(start(new JsonObject())));
        assertThatThrownBy(() -> start(production())).isInstanceOf(StartupException.class)
            .hasMessageContaining("demo client").hasMessageContaining("testuser");
    }

    @Test
    void unknownKeysAndMissingIssuerAreNamed() {
        assertThatThrownBy(() -> start(new JsonObject().put("portt", 1))).isInstanceOf(StartupException.class).hasMessageContaining("portt");
        assertThatThrownBy(() -> start(new JsonObject().put("port", 0).putNull("issuer"))).isInstanceOf(StartupException.class);
    }

    @Test
    void portInUseIsSaidSo() {
        start(new JsonObject());
        Vertx another = Vertx.vertx();
        assertThatThrownBy(() -> Waiting.on(another.deployVerticle(new AuthzVerticle(), options(RunningServer.temporaryDirectory(), new JsonObject()))))
            .isInstanceOf(StartupException.class).hasMessageContaining("in use");
        Waiting.on(another.close());
    }

    @Test
    void storeAndKeyAreForTheirOwnerOnly() throws IOException {
        start(new JsonObject());
        try (var files = Files.list(directory)) {
            assertThat(files.toList()).isNotEmpty().allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------"));
        }
    }

    @Test
    void demoDataIsPutInOnceAndNeverOverwritten() {
        RunningServer first = RunningServer.start();
        Waiting.on(first.users().changePassword("testuser", "$changed", 1));
        Waiting.on(first.clients().rotateSecret("mcp-test-client", new Client.Secret("sha256:x", 1, null), 1));
        first.close();
        try (RunningServer second = RunningServer.start(first.directory(), new JsonObject(), 1)) {
            assertThat(Waiting.on(second.users().findByUsername("testuser")).orElseThrow().passwordHash()).isEqualTo("$changed");
            second.postAs(basic("mcp-test-client", "mcp-test-secret"), "/oauth/token", "grant_type", "client_credentials")
                .requireError(401, "invalid_client");
        }
    }

    private String start(JsonObject overrides) {
        return Waiting.on(vertx.deployVerticle(new AuthzVerticle(), options(directory, overrides)));
    }

    private DeploymentOptions options(Path place, JsonObject overrides) {
        return new DeploymentOptions().setConfig(RunningServer.configuration(place, port).mergeIn(overrides, true));
    }

    private static JsonObject production() {
        return new JsonObject().put("profile", "production").put("issuer", "https://login.example");
    }
}
