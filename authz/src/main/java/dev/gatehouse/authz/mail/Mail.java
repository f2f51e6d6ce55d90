package dev.gatehouse.authz.mail;

import java.time.Duration;
import java.util.regex.Pattern;

/** A mail of plain text. @param useful the time after which the mail is of no use, and is not sent any more */
public record Mail(String to, String subject, String text, Duration useful) {

    /** A mail without a link that expires. */
    static final Duration DAY = Duration.ofDays(1);

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
