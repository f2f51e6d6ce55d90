package dev.gatehouse.client.terminal;

import io.vertx.core.Future;

/** The person's terminal, as far as questions and notes go. What a command prints as its result goes elsewhere. */
public interface Terminal {

    /** Shows a line to the person. Texts of servers in it are made visible. */
    void note(String line);

    /** Returns true when a person can answer. */
    boolean isInteractive();

    /** Asks for a line. Fails when the input ends. */
    Future<String> ask(String prompt);
}
