package dev.gatehouse.authz.page;

/** Formats durations for pages. */
public final class Durations {

    private static final long MINUTE = 60;

    private Durations() {
    }

    /** In seconds up to 90 seconds, else in minutes, rounded up. */
    public static String inWords(long seconds) {
        if (seconds == 1) {
            return "1 second";
        }
        return seconds <= MINUTE * 3 / 2 ? seconds + " seconds" : (seconds + MINUTE - 1) / MINUTE + " minutes";
    }
}
