package dev.gatehouse.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

class RecordBinderTest {

    enum Format { OPAQUE, JWT }

    record Tokens(long accessTokenSeconds) {
    }

    record Resource(URI resource) {
    }

    record Files(String certificate, Set<String> names) {
    }

    record Sample(Profile profile, int port, boolean open, String name, Format format, OptionalInt perMinute,
                  Map<String, List<String>> conditions, String secret, Tokens tokens, List<Resource> resources, Files files) {
    }

    record Missing(Profile profile, int port) {
    }

    record Further(Profile profile, int prot) {
    }

    record Misnamed(Profile profile, int port, boolean open, boolean name, Format format, OptionalInt perMinute,
                    Map<String, List<String>> conditions, String secret, Tokens tokens, List<Resource> resources, Files files) {
    }

    private static final RecordBinder BINDER = new RecordBinder("schema/sample.json", Map.of(URI.class, URI::create));

    private static Sample bind(JsonObject json) {
        return BINDER.bind(json, Sample.class);
    }

    @Test
    void absentKeysTakeTheDefaultsOfTheProfile() {
        assertThat(bind(new JsonObject())).isEqualTo(new Sample(Profile.DEMO, 80, true, null, Format.OPAQUE, OptionalInt.empty(), Map.of(), null,
            new Tokens(3600), List.of(), null));
        assertThat(bind(new JsonObject().put("profile", "production"))).isEqualTo(new Sample(Profile.PRODUCTION, 80, false, null, Format.OPAQUE,
            OptionalInt.of(600), Map.of(), null, new Tokens(3600), List.of(), null));
    }

    @Test
    void everyKindOfValueIsBound() {
        JsonObject json = new JsonObject("""
            {"profile": "production", "port": 1, "open": true, "name": "n", "format": "jwt", "perMinute": 5, "secret": "s",
             "conditions": {"a": "one", "b": ["two", "three"]}, "tokens": {"accessTokenSeconds": 9000000000},
             "resources": [{"resource": "http://a"}, {"resource": "http://b"}], "files": {"certificate": "c"}}
            """);
        assertThat(bind(json)).isEqualTo(new Sample(Profile.PRODUCTION, 1, true, "n", Format.JWT, OptionalInt.of(5),
            Map.of("a", List.of("one"), "b", List.of("two", "three")), "s", new Tokens(9_000_000_000L),
            List.of(new Resource(URI.create("http://a")), new Resource(URI.create("http://b"))), new Files("c", Set.of("a"))));
        assertThat(bind(json.put("perMinute", "unlimited")).perMinute()).isEmpty();
    }

    @Test
    void aValueOfTheWrongTypeIsNamedWithItsPathAndWhatWasExpected() {
        assertWrong(new JsonObject().put("port", "x"), "port: expected an integer from 0 to 65535, found \"x\"");
        assertWrong(new JsonObject().put("port", 3_000_000_000L), "port: expected an integer from 0 to 65535, found 3000000000");
        assertWrong(new JsonObject().put("port", 1.5), "port: expected an integer from 0 to 65535, found 1.5");
        assertWrong(new JsonObject().put("open", "yes"), "open: expected true or false, found \"yes\"");
        assertWrong(new JsonObject().put("format", "xml"), "format: expected \"opaque\" or \"jwt\", found \"xml\"");
        assertWrong(new JsonObject().put("profile", "test"), "profile: expected \"demo\" or \"production\", found \"test\"");
        assertWrong(new JsonObject().put("perMinute", "many"), "perMinute: expected an integer of at least 1 or \"unlimited\", found \"many\"");
        assertWrong(new JsonObject().put("tokens", new JsonObject().put("accessTokenSeconds", true)),
            "tokens.accessTokenSeconds: expected an integer of at least 1, found true");
        assertWrong(new JsonObject().put("tokens", 7), "tokens: expected an object, found 7");
        assertWrong(new JsonObject().put("resources", new JsonArray().add(new JsonObject().put("resource", "http://a b"))),
            "resources[0].resource: expected an http URL, found \"http://a b\"");
        assertWrong(new JsonObject().put("resources", "http://a"), "resources: expected a list, found \"http://a\"");
    }

    @Test
    void aRecordThatHasOtherKeysThanTheSchemaIsAnError() {
        assertThatThrownBy(() -> BINDER.bind(new JsonObject(), Missing.class)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("Missing has no component for the keys [open, name");
        assertThatThrownBy(() -> BINDER.bind(new JsonObject(), Further.class)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("The schema has no key prot, which Further has");
        assertThatThrownBy(() -> BINDER.bind(new JsonObject(), Misnamed.class)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("The schema has no default for name");
    }

    private static void assertWrong(JsonObject json, String message) {
        assertThatThrownBy(() -> bind(json)).isInstanceOf(StartupException.class).hasMessage(message);
    }
}
