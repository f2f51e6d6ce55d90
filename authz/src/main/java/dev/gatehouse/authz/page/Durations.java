package dev.gatehouse.authz.page;

/** Lengths of time as people say them. */
public final class Durations {

    private static final long MINUTE = 60;

    private Durations() {
    }

    /** Seconds up to a minute and a half, else minutes, rounded up so that waiting that long is enough. */
    public static String inWords(long seconds) {
        if (seconds == 1) {
            return "1 second";
        }
        return seconds <= MINUTE * 3 / 2 ? seconds + " seconds" : (seconds + MINUTE - 1) / MINUTE + " minutes";
    }
}
