package dev.gatehouse.client.chat;

import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.client.terminal.Terminal;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The line editor of the chat: history, completion and colour. Reading blocks its thread. */
final class LineEditor implements Terminal, AutoCloseable {

    private static final String PROMPT = "You> ";
    private final org.jline.terminal.Terminal terminal;
    private final LineReader reader;
    private Vertx vertx;
    private Function<String, List<String>> words = typed -> List.of();

    private LineEditor(org.jline.terminal.Terminal terminal) {
        this.terminal = terminal;
        reader = LineReaderBuilder.builder().terminal(terminal).appName("gatehouse")
            .completer((line, parsed, candidates) -> words.apply(parsed.line().substring(0, parsed.cursor()))
                .forEach(word -> candidates.add(new Candidate(word))))
            // A JSON argument is typed as it is: no quotes are read, no history is expanded.
            .parser(new WordParser()).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.HISTORY_FILE, DataHome.of(System.getenv()).prepare().file("chat_history")).build();
    }

    static LineEditor open() throws IOException {
        // To ask the terminal for grapheme clusters takes time, and drops what is typed meanwhile.
        return new LineEditor(TerminalBuilder.builder().system(true).dumb(true).graphemeCluster(false).build());
    }

    /** Returns this as the terminal of a client, whose worker threads ask. */
    Terminal on(Vertx clients) {
        vertx = clients;
        return this;
    }

    /** @param next returns the words that can take the place of the last one of a line */
    void complete(Function<String, List<String>> next) {
        words = next;
    }

    /** Returns the next line; null at the end of the input. Ctrl-C begins a new line. */
    String read() {
        return read(() -> reader.readLine(styled(PROMPT, AttributedStyle.BOLD.foreground(AttributedStyle.GREEN)).toAnsi(terminal)));
    }

    private static String read(Supplier<String> line) {
        try {
            return line.get();
        } catch (UserInterruptException interrupted) {
            return "";
        } catch (EndOfFileException ended) {
            return null;
        }
    }

    @Override
    public void note(String line) {
        print(styled(VisibleText.lines(line), AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN)));
    }

    /** Shows a result. */
    void result(String text) {
        print(new AttributedString(VisibleText.lines(text)));
    }

    /** While a line is read, the reader prints only between two keys, and the work behind a key may wait for an event loop: no event loop waits for it. */
    private void print(AttributedString text) {
        if (reader.isReading() && Context.isOnEventLoopThread()) {
            vertx.executeBlocking(() -> {
                printNow(text);
                return null;
            });
        } else {
            printNow(text);
        }
    }

    private synchronized void printNow(AttributedString text) {
        reader.printAbove(text);
        terminal.flush();
    }

    private static AttributedString styled(String text, AttributedStyle style) {
        return new AttributedStringBuilder().style(style).append(text).toAttributedString();
    }

    @Override
    public boolean isInteractive() {
        return true;
    }

    @Override
    public Future<String> ask(String prompt) {
        return vertx.executeBlocking(() -> {
            // Answers may be codes and other secrets: they stay out of the history.
            reader.variable(LineReader.DISABLE_HISTORY, true);
            try {
                String line = read(() -> reader.readLine(VisibleText.of(prompt)));
                if (line == null) {
                    throw new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED, "The input ended before the answer.");
                }
                return line;
            } finally {
                reader.variable(LineReader.DISABLE_HISTORY, false);
            }
        }, false);
    }

    @Override
    public void close() throws IOException {
        reader.getHistory().save();
        terminal.close();
    }
}
