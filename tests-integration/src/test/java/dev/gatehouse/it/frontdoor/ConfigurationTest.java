package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The example configurations, the schemas and docs/configuration.md say the same. */
final class ConfigurationTest {

    /** What an example for plain http on this machine cannot show: files that it does not have. */
    private static final Set<String> NOT_IN_EXAMPLES = Set.of("tls", "tls.certificateFile", "tls.keyFile", "tls.cipherSuites",
        "fetching.trustFile", "mutualTls.trustFile");

    @ParameterizedTest
    @ValueSource(strings = {"authz", "resource", "mcp_config"})
    void theExamplePassesItsSchemaWithoutAnyEnvironment(String name) {
        JsonObject checked = ConfigFile.check(example(name), "schema/" + name + ".json", Map.of());
        assertThat(checked.isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authz", "resource", "mcp_config"})
    void theExampleHasEveryKey(String name) {
        Set<String> missing = new TreeSet<>(SchemaKey.all("schema/" + name + ".json").stream().map(SchemaKey::path)
            .toList());
        missing.removeAll(paths(example(name), ""));
        missing.removeAll(NOT_IN_EXAMPLES);
        // A list of further resources or trusted parties is empty until there is one.
        missing.removeIf(path -> path.startsWith("resources[].") || path.startsWith("assertions.") && path.contains("[]."));
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authz", "resource"})
    void theReferenceHasARowForEveryKeyWithItsDefaultAndMeaning(String name) throws IOException {
        List<String> rows = SchemaKey.all("schema/" + name + ".json").stream().filter(SchemaKey::isSetting)
            .map(SchemaKey::row).toList();
        assertThat(Files.readAllLines(Product.ROOT.resolve("docs/configuration.md"))).containsAll(rows);
    }

    @Test
    void noExampleHoldsASecretThatIsNotTheGuides() throws IOException {
        for (String name : List.of("authz", "resource")) {
            assertThat(Files.readString(file(name))).doesNotContain("ghs_").doesNotContain("mcp-test-secret");
        }
    }

    private static JsonObject example(String name) {
        return ConfigFile.read(file(name));
    }

    private static Path file(String name) {
        return Product.ROOT.resolve("conf").resolve(name + ".json");
    }

    private static Set<String> paths(Object value, String path) {
        Set<String> paths = new TreeSet<>();
        if (value instanceof JsonObject object) {
            object.forEach(entry -> {
                String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                paths.add(key);
                paths.addAll(paths(entry.getValue(), key));
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(item -> paths.addAll(paths(item, path + "[]")));
        }
        return paths;
    }
}
