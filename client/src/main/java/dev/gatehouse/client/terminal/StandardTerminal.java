package dev.gatehouse.client.terminal;

import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Notes on standard error, answers from standard input. */
public final class StandardTerminal implements Terminal {

    private final Vertx vertx;
    private final PrintWriter error;
    private final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    public StandardTerminal(Vertx vertx, PrintWriter error) {
        this.vertx = vertx;
        this.error = error;
    }

    @Override
    public synchronized void note(String line) {
        error.println(VisibleText.lines(line));
        error.flush();
    }

    @Override
    public boolean isInteractive() {
        return System.console() != null;
    }

    @Override
    public Future<String> ask(String prompt) {
        return vertx.executeBlocking(() -> {
            error.print(VisibleText.lines(prompt));
            error.flush();
            String line = input.readLine();
            if (line == null) {
                throw new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED, "Standard input ended before the answer.");
            }
            return line;
        }, false);
    }
}
