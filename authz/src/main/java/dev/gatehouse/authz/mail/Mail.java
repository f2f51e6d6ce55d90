package dev.gatehouse.authz.mail;

import java.util.regex.Pattern;

/** A mail of plain text. */
public record Mail(String to, String subject, String text) {

    /** An address without a display name. The mail server decides whether it exists. */
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>()\\[\\],;:\"\\\\\\p{Cntrl}]{1,64}@[A-Za-z0-9.-]{1,190}");

    /** Returns whether a text has the form of an address. */
    public static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    @Override
    public String toString() {
        return "Mail[" + subject + "]";
    }
}
