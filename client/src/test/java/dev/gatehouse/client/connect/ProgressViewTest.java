package dev.gatehouse.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.connect.ClientProcess.ProgressView;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The progress of a call. */
final class ProgressViewTest {

    private final StringWriter lines = new StringWriter();
    private final StringWriter terminal = new StringWriter();

    @Test
    void aTotalMakesABarOnATerminal() {
        ProgressView view = new ProgressView(new PrintWriter(lines), new PrintWriter(terminal), true);
        view.show(new JsonObject().put("progress", 1).put("total", 2).put("message", "half\u001b[2J"));
        view.end();
        assertThat(terminal.toString()).contains("[###############               ] 50 %").endsWith(System.lineSeparator()).doesNotContain("\u001b");
        assertThat(lines.toString()).isEmpty();
    }

    @Test
    void withoutATotalOrATerminalThereAreLines() {
        new ProgressView(new PrintWriter(lines), new PrintWriter(terminal), true).show(new JsonObject().put("progress", 3));
        new ProgressView(new PrintWriter(lines), new PrintWriter(terminal), false).show(new JsonObject().put("progress", 1.5).put("total", 4));
        assertThat(lines.toString()).contains("progress 3").contains("progress 1.50 of 4");
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void aServerThatReportsMoreThanTheTotalOrNonsenseBreaksNothing() {
        ProgressView view = new ProgressView(new PrintWriter(lines), new PrintWriter(terminal), true);
        view.show(new JsonObject().put("progress", 9).put("total", 2));
        view.show(new JsonObject().put("progress", "x").put("total", -1));
        assertThat(terminal.toString()).contains("[" + "#".repeat(30) + "] 100 %");
        assertThat(lines.toString()).contains("progress 0");
    }
}
