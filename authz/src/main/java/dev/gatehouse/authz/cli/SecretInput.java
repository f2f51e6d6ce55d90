package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.user.Argon2id;
import dev.gatehouse.shared.config.StartupException;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Asks for a password without showing it, or takes it from the first line of stdin; never from the command line. */
final class SecretInput {

    /** OWASP ASVS 5.0 §6.2.1. */
    private static final int SHORTEST = 8;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SecretInput() {
    }

    /** @throws StartupException when it is too short or too long, or the two that were typed differ */
    static String read(String what) {
        Console console = System.console();
        String secret = console == null ? firstLineOfInput() : ask(console, what);
        if (secret == null || secret.length() < SHORTEST) {
            throw new StartupException("The " + what + " must have at least " + SHORTEST + " characters. Nothing was changed.");
        }
        if (secret.length() > Argon2id.LONGEST) {
            throw new StartupException("The " + what + " must have at most " + Argon2id.LONGEST + " characters. Nothing was changed.");
        }
        return secret;
    }

    private static String ask(Console console, String what) {
        char[] first = console.readPassword("New %s: ", what);
        char[] second = console.readPassword("The same again: ");
        if (!Arrays.equals(first, second)) {
            throw new StartupException("The two inputs differ. Nothing was changed.");
        }
        return first == null ? null : new String(first);
    }

    /** The first line of stdin without a byte order mark; null for no line. */
    static String firstLineOfInput() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            // Some shells write it before piped text. A user does not type it into a form.
            return line != null && line.startsWith(BYTE_ORDER_MARK) ? line.substring(BYTE_ORDER_MARK.length()) : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
