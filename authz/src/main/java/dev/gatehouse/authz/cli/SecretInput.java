package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.user.PasswordRules;
import dev.gatehouse.authz.user.PasswordRules.Problem;
import dev.gatehouse.shared.config.StartupException;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Asks for a password without showing it, or takes it from the first line of stdin; never from the command line. */
final class SecretInput {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SecretInput() {
    }

    /**
     * Reads a new password.
     *
     * @throws StartupException when it breaks a rule, or the two that were typed differ
     */
    static String newPassword(String username) {
        Console console = System.console();
        String password = console == null ? firstLineOfInput() : ask(console);
        Optional<Problem> problem = password == null ? Optional.of(Problem.TOO_SHORT) : PasswordRules.problem(password, username);
        if (problem.isPresent()) {
            throw new StartupException("The password " + problem.get().words() + ". Nothing was changed.");
        }
        return password;
    }

    private static String ask(Console console) {
        char[] first = console.readPassword("New password: ");
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
