package dev.gatehouse.authz.user;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules for a new password (NIST SP 800-63B §3.1.1.2, ASVS §6.2). There are no rules about the kinds of characters. A password
 * that was set under older rules stays valid.
 */
public final class PasswordRules {

    public static final int SHORTEST = 8;
    /** In characters. The limit is checked before any other work on the password. */
    public static final int LONGEST = 128;

    private static final String COMMON = "passwords/common.txt";

    private PasswordRules() {
    }

    /** A reason to refuse a password. */
    public enum Problem {
        TOO_SHORT("must have at least " + SHORTEST + " characters"),
        TOO_LONG("must have at most " + LONGEST + " characters"),
        COMMON("is common or was in a data breach; choose another one"),
        USERNAME("must not be the username");

        private final String words;

        Problem(String words) {
            this.words = words;
        }

        /** The rule, as the rest of a sentence about the password. */
        public String words() {
            return words;
        }
    }

    /** Returns the first rule that a new password breaks, or empty if it breaks none. The first call reads a file, so it blocks. */
    public static Optional<Problem> problem(String password, String username) {
        if (isTooLong(password)) {
            return Optional.of(Problem.TOO_LONG);
        }
        String text = Normalizer.normalize(password, Normalizer.Form.NFC);
        int length = text.codePointCount(0, text.length());
        if (length < SHORTEST) {
            return Optional.of(Problem.TOO_SHORT);
        }
        if (text.equalsIgnoreCase(username)) {
            return Optional.of(Problem.USERNAME);
        }
        return Common.PASSWORDS.contains(text.toLowerCase(Locale.ROOT)) ? Optional.of(Problem.COMMON) : Optional.empty();
    }

    /** Returns whether a password has more than {@link #LONGEST} characters. Decomposed characters count as one, with a bound on their text. */
    public static boolean isTooLong(String password) {
        return password.length() > 4 * LONGEST
            || Normalizer.normalize(password, Normalizer.Form.NFC).codePoints().count() > LONGEST;
    }

    /** Read at the first use. */
    private static final class Common {

        private static final Set<String> PASSWORDS = read();

        private static Set<String> read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    PasswordRules.class.getClassLoader().getResourceAsStream(COMMON), StandardCharsets.UTF_8))) {
                return lines.lines().filter(line -> !line.startsWith("# ")).collect(Collectors.toUnmodifiableSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
