package dev.gatehouse.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ConfigFileTest {

    private static final JsonObject GOOD = new JsonObject().put("port", 9000)
        .put("tokens", new JsonObject().put("accessTokenSeconds", 60))
        .put("resources", new JsonArray().add(new JsonObject().put("resource", "http://localhost/mcp")));

    @Test
    void aGoodConfigurationPassesUnchanged() {
        assertThat(check(GOOD)).isEqualTo(GOOD);
    }

    @Test
    void byteOrderMarkIsIgnored(@TempDir Path directory) throws IOException {
        for (java.nio.charset.Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Path file = directory.resolve(charset + ".json");
            Files.write(file, ("\uFEFF" + GOOD.encodePrettily()).getBytes(charset));
            assertThat(ConfigFile.read(file)).as(charset.name()).isEqualTo(GOOD);
        }
        Path inside = Files.writeString(directory.resolve("inside.json"), "{\uFEFF}");
        assertThatThrownBy(() -> ConfigFile.read(inside)).isInstanceOf(StartupException.class);
    }

    @Test
    void anUnknownKeyIsNamedWithItsPathAndTheNearestKnownOne() {
        JsonObject bad = GOOD.copy().put("tokens", new JsonObject().put("accesTokenSecond", 60));
        assertThatThrownBy(() -> check(bad)).isInstanceOf(StartupException.class)
            .hasMessageContaining("tokens.accesTokenSecond: there is no such key. Did you mean accessTokenSeconds?");
    }

    @Test
    void anUnknownKeyInAListIsNamedWithItsPlace() {
        JsonObject bad = GOOD.copy()
            .put("resources", new JsonArray().add(new JsonObject().put("resource", "x").put("colour", "red")));
        assertThatThrownBy(() -> check(bad))
            .hasMessageContaining("resources[0].colour: there is no such key. The keys here are resource");
    }

    @Test
    void anIllTypedKeyIsNamedWithItsPath() {
        JsonObject bad = GOOD.copy().put("tokens", new JsonObject().put("accessTokenSeconds", "soon"));
        assertThatThrownBy(() -> check(bad)).isInstanceOf(StartupException.class)
            .hasMessageContaining("tokens.accessTokenSeconds: expected an integer of at least 1, found \"soon\"");
    }

    @Test
    void aWrongValueIsShownBesideWhatWasExpected() {
        JsonObject bad = new JsonObject().put("port", 70_000).put("open", "yes").put("name", 7).put("format", "xml").put("perMinute", 0)
            .put("conditions", new JsonObject().put("a/b", new JsonArray()).put("c", "good")).put("secret", 12_345)
            .put("resources", new JsonArray().add(new JsonObject().put("resource", "ftp://localhost")));
        assertThatThrownBy(() -> check(bad)).hasMessage("""
            The configuration has 8 problems:
              port: expected an integer from 0 to 65535, found 70000
              open: expected true or false, found "yes"
              name: expected a non-empty text of at most 20 characters, found 7
              format: expected "opaque" or "jwt", found "xml"
              perMinute: expected an integer of at least 1 or "unlimited", found 0
              conditions.a/b: expected a non-empty text or a non-empty list, each entry a text, found an empty list
              secret: expected a text, found a value that is not shown
              resources[0].resource: expected an http URL, found "ftp://localhost\"""");
    }

    @Test
    void everyProblemIsListed() {
        JsonObject bad = new JsonObject().put("port", 70_000).put("open", "yes").put("nme", "x");
        assertThatThrownBy(() -> check(bad)).hasMessageContaining("3 problems")
            .hasMessageContaining("port: ").hasMessageContaining("open: ").hasMessageContaining("nme: ");
    }

    @Test
    void aMissingRequiredKeyIsNamedWithThePlaceWhereItIsMissing() {
        JsonObject bad = GOOD.copy().put("resources", new JsonArray().add(new JsonObject()));
        assertThatThrownBy(() -> check(bad)).hasMessageContaining("resources[0]: ").hasMessageContaining("resource");
    }

    @Test
    void variablesArePutInAndTakeTheTypeThatTheSchemaWants() {
        JsonObject written = new JsonObject().put("port", "${PORT}").put("open", "${OPEN:-true}")
            .put("name", "at ${HOST:-home}:${PORT}");
        assertThat(ConfigFile.check(written, "schema/sample.json", Map.of("PORT", "8080")))
            .isEqualTo(new JsonObject().put("port", 8080L).put("open", true).put("name", "at home:8080"));
        assertThat(ConfigFile.check(new JsonObject().put("perMinute", "${LIMIT}"), "schema/sample.json", Map.of("LIMIT", "5")))
            .isEqualTo(new JsonObject().put("perMinute", 5L));
    }

    @Test
    void aVariableThatIsNotSetAndHasNoDefaultIsAProblem() {
        JsonObject written = new JsonObject().put("name", "${NOWHERE}");
        assertThatThrownBy(() -> check(written))
            .hasMessageContaining("name: the environment variable NOWHERE is not set");
    }

    @Test
    void aFileThatIsNotJsonIsRefusedWithItsNameAndThePlace(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("authz.json");
        Files.writeString(file, "{\n  \"port\": 9000,\n  \"host\" \"localhost\"\n}");
        assertThatThrownBy(() -> ConfigFile.read(file)).isInstanceOf(StartupException.class)
            .hasMessageContaining(file + " is not valid JSON, at line 3, column 1");
        Files.writeString(file, "{\"hosts\": [}");
        assertThatThrownBy(() -> ConfigFile.read(file)).hasMessageEndingWith("at line 1, column 12: Unexpected close marker '}': expected ']'");
        Files.writeString(file, "{\"port\": 9000}");
        assertThat(ConfigFile.read(file)).isEqualTo(new JsonObject().put("port", 9000));
    }

    @Test
    void aKeyWrittenTwiceIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("authz.json");
        Files.writeString(file, "{\"port\": 9000, \"port\": 9001}");
        assertThatThrownBy(() -> ConfigFile.read(file)).isInstanceOf(StartupException.class)
            .hasMessageContaining("Duplicate field 'port'");
    }

    @Test
    void aFileThatHoldsNoObjectOrNothingIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("authz.json");
        for (String content : new String[] {"", "[]", "7", "{} {}"}) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> ConfigFile.read(file)).as(content).isInstanceOf(StartupException.class)
                .hasMessageContaining(file.toString());
        }
    }

    @Test
    void aFileThatIsNotThereIsRefusedWithItsName(@TempDir Path directory) {
        Path file = directory.resolve("nowhere.json");
        assertThatThrownBy(() -> ConfigFile.read(file)).isInstanceOf(StartupException.class)
            .hasMessageContaining("Cannot read").hasMessageContaining(file.toString());
    }

    private static JsonObject check(JsonObject configuration) {
        return ConfigFile.check(configuration, "schema/sample.json", Map.of());
    }
}
