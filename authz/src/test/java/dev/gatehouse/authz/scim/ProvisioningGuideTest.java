package dev.gatehouse.authz.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The configurations of docs/provisioning.md are valid as they are written. */
final class ProvisioningGuideTest {

    private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    private static List<AuthzOptions> examples() throws IOException {
        return EXAMPLE.matcher(Files.readString(Path.of("../docs/provisioning.md"))).results().map(block -> new JsonObject(block.group(1)))
            .map(example -> AuthzOptions.of(ConfigFile.check(example, AuthzOptions.SCHEMA, Map.of("COMPANY_SECRET", "secret")))).toList();
    }

    @Test
    void eachExampleIsValid() throws IOException {
        assertThat(examples()).isNotEmpty().allSatisfy(options -> options.identityProviders().forEach(entry -> assertThat(entry.problems()).isEmpty()));
        assertThat(examples()).as("each feature has an example").anyMatch(options -> options.scim().enabled())
            .anyMatch(options -> !options.groupScopes().isEmpty()).anyMatch(options -> !options.claims().isEmpty())
            .anyMatch(options -> options.identityProviders().stream().anyMatch(entry -> entry.provisioning() != null));
    }
}
