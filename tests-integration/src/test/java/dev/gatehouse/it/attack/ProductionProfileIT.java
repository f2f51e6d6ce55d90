package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** A configuration that is fit for a demonstration only does not start as production. */
final class ProductionProfileIT {

    @Test
    void demoSettingsAreNamedAndRefused() throws IOException {
        Path home = Product.scratch("home");
        JsonObject configuration = new JsonObject().put("profile", "production").put("port", Ports.free())
            .put("issuer", "http://auth.example:9000")
                .put("introspection", new JsonObject().put("openOnLoopback", true));
        Path file = Files.writeString(Product.scratch("conf").resolve("authz.json"), configuration.encode());
        Product.Result refused = Product.run(home, "authz", "-conf", file.toString());
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("issuer").contains("introspection.openOnLoopback").doesNotContain("\tat ");
    }

    @Test
    void demoUsersInTheStoreAreRefused() throws IOException {
        try (RunningGatehouse demo = RunningGatehouse.up()) {
            demo.stop();
            JsonObject configuration = new JsonObject().put("profile", "production").put("port", Ports.free())
                .put("issuer", "https://auth.example").put("defaultResource", "https://mcp.example/mcp");
            Path file = Files.writeString(Product.scratch("conf").resolve("authz.json"), configuration.encode());
            Product.Result refused = Product.run(demo.home(), "authz", "-conf", file.toString());
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err()).contains("testuser").contains("mcp-test-client");
        }
    }

    @Test
    void keyThatOthersCanReadIsRefused() throws IOException {
        try (RunningGatehouse demo = RunningGatehouse.up()) {
            demo.stop();
            Path key;
            try (Stream<Path> files = Files.walk(demo.home())) {
                key = files.filter(path -> path.endsWith("authz.key")).findFirst().orElseThrow();
            }
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            Product.Result refused = Product.run(demo.home(), "authz", "--port", String.valueOf(Ports.free()));
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.err()).contains(key.toString());
        }
    }
}
