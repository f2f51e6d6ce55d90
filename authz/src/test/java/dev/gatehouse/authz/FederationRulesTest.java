package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Mistakes in the configuration of identity providers stop the start, each with its entry and setting. */
final class FederationRulesTest {

    private static JsonObject entry(Object... changes) {
        JsonObject entry = new JsonObject().put("name", "company").put("issuer", "https://login.example.com").put("clientId", "c").put("clientSecret", "s");
        for (int i = 0; i < changes.length; i += 2) {
            entry.remove((String) changes[i]);
            if (changes[i + 1] != null) {
                entry.put((String) changes[i], changes[i + 1]);
            }
        }
        return entry;
    }

    private static List<String> problems(JsonObject... entries) {
        return problems(true, entries);
    }

    private static List<String> problems(boolean passwords, JsonObject... entries) {
        JsonObject configuration = new JsonObject().put("identityProviders", new JsonArray(List.of(entries)))
            .put("passwords", new JsonObject().put("enabled", passwords));
        return FederationRules.problems(AuthzOptions.of(ConfigFile.check(configuration, AuthzOptions.SCHEMA, Map.of())));
    }

    @Test
    void entriesOfTheDocumentedKindsHaveNoProblem() {
        assertThat(problems(entry())).isEmpty();
        assertThat(problems(false, entry("issuer", "http://localhost:8080/realms/test"))).isEmpty();
        assertThat(problems(entry("authentication", "private_key_jwt", "privateKeyFile", "key.jwk"))).isEmpty();
    }

    @Test
    void namesAreUniqueAndSecretsAndIssuersPresent() {
        assertThat(problems(entry(), entry())).containsExactly("identityProviders: company is listed twice");
        assertThat(problems(entry("clientSecret", null))).containsExactly("identityProviders: company: clientSecret or clientSecretFile is missing");
        assertThat(problems(entry("authentication", "private_key_jwt"))).containsExactly("identityProviders: company: privateKeyFile is missing");
        assertThat(problems(entry("issuer", null, "preset", "okta"))).containsExactly("identityProviders: company: issuer is missing");
        assertThat(problems(entry("issuer", null, "preset", "microsoft-entra"))).containsExactly("identityProviders: company: tenant is missing");
    }

    @Test
    void plainHttpIsForThisMachine() {
        assertThat(problems(entry("issuer", "http://login.example.com"))).containsExactly(
            "identityProviders: company: issuer is neither an https URL nor on this machine");
    }

    @Test
    void publicProviderNeedsAConditionToCreateAccounts() {
        for (JsonObject open : List.of(entry("issuer", null, "preset", "google"), entry("issuer", null, "preset", "github"),
            entry("issuer", null, "preset", "gitlab"), entry("issuer", null, "preset", "microsoft-entra", "tenant", "common"))) {
            assertThat(problems(open.copy())).as(open.encode()).isEmpty();
            assertThat(problems(open.copy().put("createAccounts", true))).as(open.encode()).hasSize(1).first().asString()
                .contains("every person with an account at");
            assertThat(problems(open.copy().put("createAccounts", true).put("allowed", new JsonObject().put("organizations", List.of("example"))))).isEmpty();
            assertThat(problems(open.copy().put("createAccounts", true).put("allowed", new JsonObject().put("anyone", true)))).isEmpty();
        }
    }

    @Test
    void withoutPasswordsThereIsAProvider() {
        assertThat(problems(false)).hasSize(1).first().asString().startsWith("passwords.enabled");
    }
}
