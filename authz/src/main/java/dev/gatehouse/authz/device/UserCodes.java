package dev.gatehouse.authz.device;

import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;

import java.util.Locale;
import java.util.Optional;

/**
 * User codes (RFC 8628 §6.1): eight letters, none of them a vowel and none easily taken for another, shown in two
 * halves. Short as they are, they are stored under a key, so that the store alone does not tell them.
 */
public final class UserCodes {

    private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int LENGTH = 8;
    /** The largest multiple of the alphabet's length that a byte can hold: above it some letters would be likelier. */
    private static final int FAIR = 256 / ALPHABET.length() * ALPHABET.length();

    private final KeyedHash hash;

    public UserCodes(KeyedHash hash) {
        this.hash = hash;
    }

    /** A new code, as {@code BCDFGHJK}. */
    public String generate() {
        StringBuilder code = new StringBuilder(LENGTH);
        while (code.length() < LENGTH) {
            int random = SecretToken.randomBytes(1)[0] & 0xFF;
            if (random < FAIR) {
                code.append(ALPHABET.charAt(random % ALPHABET.length()));
            }
        }
        return code.toString();
    }

    /** As people see it: {@code BCDF-GHJK}. */
    public static String shown(String code) {
        return code.substring(0, LENGTH / 2) + "-" + code.substring(LENGTH / 2);
    }

    /** Reads a typed code, in upper or lower case and with dashes and blanks anywhere; empty for a text that is not a code. */
    public static Optional<String> read(String typed) {
        if (typed == null || typed.length() > 40) {
            return Optional.empty();
        }
        String folded = typed.toUpperCase(Locale.ROOT).replaceAll("[\\s\\p{Pd}_.]", "");
        boolean code = folded.length() == LENGTH && folded.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
        return code ? Optional.of(folded) : Optional.empty();
    }

    /** The stored form of a code. */
    public String hash(String code) {
        return hash.of(code);
    }
}
