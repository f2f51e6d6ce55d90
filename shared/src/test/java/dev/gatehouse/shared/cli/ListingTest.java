package dev.gatehouse.shared.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.gatehouse.shared.cli.Gatehouse.VisibleWriter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

final class ListingTest {

    private static final String EVIL = "Evil\u001B[2J\n\u202Egnp\u200B";

    private static String printed(Listing listing, String... arguments) {
        Listing.Format format = new Listing.Format();
        CommandLine.populateCommand(format, arguments);
        StringWriter out = new StringWriter();
        listing.print(new PrintWriter(out), format);
        return out.toString();
    }

    private static Listing listing() {
        Listing listing = new Listing("client_id", "name", "grants");
        listing.add("a", EVIL, List.of("one", "two"));
        listing.add("a longer one", null, List.of());
        listing.add("https://" + "x".repeat(60), "Far out", List.of("three"));
        return listing;
    }

    @Test
    void columnsAreAsWideAsWhatTheyHoldAndNothingInThemControlsATerminal() {
        assertThat(printed(listing()).lines()).containsExactly(
            "CLIENT ID     NAME                                GRANTS",
            "a             Evil\\u001b[2J\\u000a\\u202egnp\\u200b  one two",
            "a longer one",
            "https://" + "x".repeat(60) + "  Far out                             three");
    }

    @Test
    void jsonHoldsTheSameValues() {
        String text = printed(listing(), "--json");
        assertThat(text).doesNotContain("\u001B", "\u202E", "\u200B");
        assertThat(new JsonArray(text).getJsonObject(0)).isEqualTo(new JsonObject().put("client_id", "a").put("name", EVIL)
            .put("grants", new JsonArray().add("one").add("two")));
        assertThat(new JsonArray(text).getJsonObject(1).getValue("name")).isNull();
    }

    @Test
    void aMessageOfTheLogIsOneLineThatControlsNothing() {
        LoggingEvent event = new LoggingEvent("x", new LoggerContext().getLogger("x"), Level.INFO, "client {}", null, new Object[] {EVIL});
        assertThat(new Logging.Message().convert(event)).isEqualTo("client Evil\\u001b[2J | \\u202egnp\\u200b");
    }

    @Test
    void whatACommandPrintsKeepsItsLinesAndControlsNothing() {
        StringWriter out = new StringWriter();
        PrintWriter visible = VisibleWriter.over(new PrintWriter(out));
        visible.println("name: " + EVIL);
        visible.printf("%s\t%s%n", "\u009B31m", "🤖");
        visible.flush();
        assertThat(out.toString()).isEqualTo("name: Evil\\u001b[2J\n\\u202egnp\\u200b\n\\u009b31m\t🤖\n");
    }
}
