package dev.gatehouse.client.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

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

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final JsonObject PAGE = new JsonObject().put("mode", "url").put("message", "Sign in")
        .put("url", "https://auth.example.com/authorize?x=1").put("elicitationId", "e1");

    @Test
    void theAddressOfAPageIsShownBeforeThePersonAgrees() {
        Person person = new Person(true, "y");
        assertThat(new Elicitation(person, null).ask(PAGE).await()).isEqualTo(new JsonObject().put("action", "accept"));
        assertThat(person.shown.get(1)).contains("https://auth.example.com/authorize?x=1");
        assertThat(person.shown.get(2)).contains("[y/N]");
    }

    @Test
    void aPersonWhoDoesNotAgreeDeclinesAPageAndACommandWithoutAPersonCancels() {
        assertThat(new Elicitation(new Person(true, ""), null).ask(PAGE).await().getString("action")).isEqualTo("decline");
        Person none = new Person(false);
        assertThat(new Elicitation(none, null).ask(PAGE).await().getString("action")).isEqualTo("cancel");
        assertThat(none.shown).isEmpty();
    }

    @Test
    void aPageIsOpenedAfterThePersonAgreesToItsHost(@TempDir Path directory) throws IOException {
        Path opened = directory.resolve("opened");
        Person willing = new Person(true, "y", "y");
        Person unwilling = new Person(true, "n");
        withBrowser(directory, browser -> {
            assertThat(new Elicitation(unwilling, browser).ask(PAGE).await().getString("action")).isEqualTo("decline");
            assertThat(opened).doesNotExist();
            assertThat(new Elicitation(willing, browser).ask(PAGE).await().getString("action")).isEqualTo("accept");
            Eventually.holds("the page is opened", LIMIT, () -> Files.readString(opened).equals("https://auth.example.com/authorize?x=1\n"));
        });
        assertThat(willing.shown.get(2)).isEqualTo("Open the page of auth.example.com in the browser? [y/N] ");
    }

    @Test
    void onlyPagesOverHttpsOrOnThisMachineAreOpened(@TempDir Path directory) throws IOException {
        Path opened = directory.resolve("opened");
        withBrowser(directory, browser -> {
            for (String address : List.of("http://example.com/", "javascript:alert(1)", "file:///etc/passwd", "https://user@example.com/", "no URL")) {
                Person person = new Person(true);
                assertThat(new Elicitation(person, browser).ask(PAGE.copy().put("url", address)).await().getString("action")).isEqualTo("decline");
                assertThat(person.shown).last().asString().contains("declined");
            }
            assertThat(opened).doesNotExist();
            Person person = new Person(true, "y", "y");
            assertThat(new Elicitation(person, browser).ask(PAGE.copy().put("url", "http://127.0.0.1:1/#/in")).await().getString("action")).isEqualTo("accept");
            Eventually.holds("the page is opened", LIMIT, () -> Files.readString(opened).equals("http://127.0.0.1:1/#/in\n"));
        });
    }

    /** Runs a test with a program as the browser that writes what it opens to a file. */
    private static void withBrowser(Path directory, Consumer<SystemBrowser> test) throws IOException {
        Path program = Files.writeString(directory.resolve("browser"), "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'" + directory.resolve("opened") + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Vertx vertx = Vertx.vertx();
        try {
            test.accept(new SystemBrowser(vertx, Map.of("BROWSER", program.toString())));
        } finally {
            vertx.close().await();
        }
    }

    @Test
    void aFormAsksAgainUntilAValueFits() {
        JsonObject form = new JsonObject().put("message", "How many?").put("requestedSchema", new JsonObject().put("type", "object")
            .put("properties", new JsonObject().put("count", new JsonObject().put("type", "integer")).put("size", new JsonObject().put("type", "string")
                .put("enum", JsonArray.of("S", "M")))).put("required", JsonArray.of("count")));
        Person person = new Person(true, "y", "many", "3", "XL", "M");
        assertThat(new Elicitation(person, null).ask(form).await().getJsonObject("content"))
            .isEqualTo(new JsonObject().put("count", 3L).put("size", "M"));
        assertThat(person.shown).contains("Expected a whole number.", "Expected one of S, M.");
    }
}
