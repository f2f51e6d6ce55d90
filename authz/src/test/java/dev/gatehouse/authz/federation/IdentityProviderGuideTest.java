package dev.gatehouse.authz.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The configurations of docs/identity-providers.md work as they are written, apart from the address of the provider. */
final class IdentityProviderGuideTest extends ProviderTest {

    private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)}");

    private static List<JsonObject> examples() {
        try {
            String guide = Files.readString(Path.of("../docs/identity-providers.md"));
            return EXAMPLE.matcher(guide).results().map(block -> new JsonObject(block.group(1))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonObject checked(JsonObject example, String secret) {
        Map<String, String> environment = new HashMap<>();
        for (Matcher variable = VARIABLE.matcher(example.encode()); variable.find();) {
            environment.put(variable.group(1), secret);
        }
        return ConfigFile.check(example, AuthzOptions.SCHEMA, environment);
    }

    @Test
    void everyPresetHasAnExampleWithoutAMistake() {
        List<ProviderOptions> options = examples().stream()
            .flatMap(example -> AuthzOptions.of(checked(example, "secret")).identityProviders().stream()).toList();
        assertThat(options).allSatisfy(each -> assertThat(each.problems()).as(each.name()).isEmpty());
        assertThat(options.stream().map(ProviderOptions::known).distinct()).hasSize(Preset.values().length - 1).doesNotContain(Preset.OPENID);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void exampleIsFollowedLiterally(Kind kind) {
        provider = new LookAlike(kind, clock);
        JsonObject person = person(kind, "ada", "ada@example.com");
        if (kind == Kind.GITHUB) {
            person.getJsonArray("orgs").add(new JsonObject().put("login", "Example-Org"));
        }
        provider.add("ada", person);
        String preset = provider.entry().getString("preset");
        JsonObject entry = examples().stream().map(example -> checked(example, LookAlike.CLIENT_SECRET).getJsonArray("identityProviders").getJsonObject(0))
            .filter(each -> each.getString("preset").equals(preset)).reduce((first, last) -> last).orElseThrow();
        entry.put("issuer", provider.issuer()).put("clientId", LookAlike.CLIENT_ID);
        if (kind == Kind.ENTRA) {
            entry.put("apiUrl", provider.entry().getString("apiUrl"));
        }
        server = new FrontServer(new JsonObject().put("identityProviders", new JsonArray().add(entry)));
        Page consent = logIn(server.browser());
        assertThat(consent.isConsent()).as(consent.status() + consent.body()).isTrue();
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
    }
}
