package dev.gatehouse.client.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Questions of servers to a person at a terminal. */
final class ElicitationTest {

    /** A person who types lines. */
    private static final class Person implements Terminal {

        private final Queue<String> lines;
        private final List<String> shown = new ArrayList<>();
        private final boolean interactive;

        Person(boolean interactive, String... lines) {
            this.interactive = interactive;
            this.lines = new ArrayDeque<>(List.of(lines));
        }

        @Override
        public void note(String line) {
            shown.add(line);
        }

        @Override
        public boolean isInteractive() {
            return interactive;
        }

        @Override
        public Future<String> ask(String prompt) {
            shown.add(prompt);
            return Future.succeededFuture(lines.remove());
        }
    }

    private static final JsonObject PAGE = new JsonObject().put("mode", "url").put("message", "Sign in")
        .put("url", "https://auth.example.com/authorize?x=1").put("elicitationId", "e1");

    @Test
    void theAddressOfAPageIsShownBeforeThePersonAgrees() {
        Person person = new Person(true, "y");
        assertThat(new Elicitation(person).ask(PAGE).await()).isEqualTo(new JsonObject().put("action", "accept"));
        assertThat(person.shown.get(1)).contains("https://auth.example.com/authorize?x=1");
        assertThat(person.shown.get(2)).contains("[y/N]");
    }

    @Test
    void aPersonWhoDoesNotAgreeDeclinesAPageAndACommandWithoutAPersonCancels() {
        assertThat(new Elicitation(new Person(true, "")).ask(PAGE).await().getString("action")).isEqualTo("decline");
        Person none = new Person(false);
        assertThat(new Elicitation(none).ask(PAGE).await().getString("action")).isEqualTo("cancel");
        assertThat(none.shown).isEmpty();
    }

    @Test
    void aFormAsksAgainUntilAValueFits() {
        JsonObject form = new JsonObject().put("message", "How many?").put("requestedSchema", new JsonObject().put("type", "object")
            .put("properties", new JsonObject().put("count", new JsonObject().put("type", "integer")).put("size", new JsonObject().put("type", "string")
                .put("enum", JsonArray.of("S", "M")))).put("required", JsonArray.of("count")));
        Person person = new Person(true, "y", "many", "3", "XL", "M");
        assertThat(new Elicitation(person).ask(form).await().getJsonObject("content"))
            .isEqualTo(new JsonObject().put("count", 3L).put("size", "M"));
        assertThat(person.shown).contains("Expected a whole number.", "Expected one of S, M.");
    }
}
