package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.frontdoor.ConfigurationReference.Key;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.Profile;
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

/** The example configurations and docs/configuration.md agree with the schemas. */
final class ConfigurationTest {

    /** Keys that an example for plain http on this machine cannot show: they name files that it does not have, or the machine. */
    private static final Set<String> NOT_IN_EXAMPLES = Set.of("introspection.clientSecretFile", "store.url", "store.postgresql.database", "store.postgresql.user", "store.postgresql.password", "store.postgresql.passwordFile",
        "store.postgresql.caFile", "store.postgresql.certificateFile", "store.postgresql.keyFile", "tls", "tls.certificateFile", "tls.keyFile", "tls.cipherSuites",
        "fetching.trustFile", "mutualTls.trustFile", "session.countryHeader", "metrics.port", "policy.file", "recordDirectory",
        "mail.host", "mail.username", "mail.passwordFile", "mail.from",
        "audit.node", "audit.file.path");

    /** The examples bound the requests of one source, unlike the demo, which bounds nothing; the client comes from the environment. */
    private static final Set<String> NOT_THE_DEFAULT = Set.of("rateLimits.tokenPerMinute", "rateLimits.authorizePerMinute",
        "rateLimits.introspectPerMinute", "rateLimits.revokePerMinute", "rateLimits.registerPerMinute",
        "registration.documents.fetchesPerMinute", "scopes");

    /** Keys that the servers of the guide do not need. */
    private static final Set<String> NOT_IN_THE_GUIDE = Set.of("mcpServers", "servers[].headers", "servers[].protocol_version",
        "servers[].auth.grant", "servers[].auth.issuer", "servers[].auth.client_metadata_url", "servers[].auth.resource",
        "servers[].auth.private_key", "servers[].auth.signing_algorithm", "servers[].auth.assertion", "servers[].auth.identity_provider",
        "servers[].auth.identity_provider.token_url", "servers[].auth.identity_provider.client_id",
        "servers[].auth.identity_provider.id_token", "servers[].auth.dpop");

    @ParameterizedTest
    @ValueSource(strings = {"authz", "resource", "mcp_config"})
    void theExamplePassesItsSchemaWithoutAnyEnvironment(String name) {
        JsonObject checked = ConfigFile.check(example(name), "schema/" + name + ".json", Map.of());
        assertThat(checked.isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authz", "resource", "mcp_config"})
    void theExampleHasEveryKey(String name) {
        Set<String> missing = new TreeSet<>(ConfigurationReference.keys("schema/" + name + ".json").stream().map(Key::path)
            .toList());
        missing.removeAll(paths(example(name), ""));
        missing.removeAll(NOT_IN_EXAMPLES);
        missing.removeAll(NOT_IN_THE_GUIDE);
        // A list of further resources, identity providers or trusted parties is empty until there is one.
        missing.removeIf(path -> path.startsWith("resources[].") || path.startsWith("identityProviders[].") || path.startsWith("groupScopes[].") || path.startsWith("claims[].") || path.startsWith("admin.policies[].") || path.startsWith("assertions.") && path.contains("[]."));
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"authz", "resource"})
    void theExampleShowsTheDefaultsOfTheDemo(String name) {
        assertThat(ConfigurationReference.completed(name)).as("a key is missing; run ./gatehouse-dev docs").isEqualTo(example(name));
        JsonObject example = example(name);
        List<String> different = ConfigurationReference.keys("schema/" + name + ".json").stream().filter(key -> !key.node().isSection())
            .filter(key -> key.node().defaultIn(Profile.DEMO) != null && at(example, key.path()) != null)
            .filter(key -> !key.node().defaultIn(Profile.DEMO).equals(at(example, key.path()))).map(Key::path).toList();
        assertThat(different).isSubsetOf(NOT_THE_DEFAULT);
    }

    @Test
    void theReferenceHasARowForEveryKeyWithItsDefaultAndMeaning() throws IOException {
        String reference = Files.readString(ConfigurationReference.FILE);
        for (String name : ConfigurationReference.SERVERS) {
            List<Key> settings = ConfigurationReference.keys("schema/" + name + ".json").stream().filter(key -> !key.node().isSection()).toList();
            assertThat(settings).allSatisfy(key -> assertThat(key.node().description()).as(key.path()).isNotBlank());
            assertThat(reference.lines()).containsAll(settings.stream().map(Key::row).toList());
        }
        assertThat(reference).as("the reference is out of date; run ./gatehouse-dev docs").isEqualTo(ConfigurationReference.withFreshTables(reference));
    }

    @Test
    void noExampleHoldsASecretThatIsNotTheGuides() throws IOException {
        for (String name : List.of("authz", "resource")) {
            assertThat(Files.readString(file(name))).doesNotContain("ghs_").doesNotContain("mcp-test-secret");
        }
    }

    /** The value of a key outside lists; null when the key is absent. */
    private static Object at(JsonObject example, String path) {
        Object value = example;
        for (String key : path.split("\\.")) {
            value = value instanceof JsonObject section ? section.getValue(key) : null;
        }
        return value;
    }

    private static JsonObject example(String name) {
        return ConfigFile.read(file(name));
    }

    private static Path file(String name) {
        return ConfigurationReference.example(name);
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
