package dev.gatehouse.authz.factor;

import dev.gatehouse.shared.secret.SecretToken;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The codes that replace a lost factor, each once: 50 random bits, in letters and digits that are not mistaken for each other. */
public final class RecoveryCodes {

    static final int COUNT = 10;
    private static final int HALF = 5;
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz023456789";

    private RecoveryCodes() {
    }

    /** Generates the codes of a user, in the form that pages show. */
    static List<String> generate() {
        return IntStream.range(0, COUNT).mapToObj(each -> half() + "-" + half()).toList();
    }

    private static String half() {
        StringBuilder text = new StringBuilder();
        for (byte random : SecretToken.randomBytes(HALF)) {
            text.append(ALPHABET.charAt(random & 0x1f));
        }
        return text.toString();
    }

    /** Reads what a user has typed: upper or lower case, with or without the dash. Empty if it has not the form of a code. */
    static Optional<String> read(String typed) {
        String text = typed.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
        return text.length() == 2 * HALF && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0) ? Optional.of(text) : Optional.empty();
    }
}
