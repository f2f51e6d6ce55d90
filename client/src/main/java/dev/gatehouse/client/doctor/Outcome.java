package dev.gatehouse.client.doctor;

/**
 * The outcome of a check.
 *
 * @param seen the observation that failed the check, or the reason for which it does not apply; empty when it passed
 */
public record Outcome(Kind kind, String seen) {

    /** Passed, failed, or not applicable. */
    public enum Kind {
        PASSED("✓"), FAILED("✗"), SKIPPED("–");

        private final String sign;

        Kind(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }

    static final Outcome PASSED = new Outcome(Kind.PASSED, "");

    static Outcome failed(String seen) {
        return new Outcome(Kind.FAILED, seen);
    }

    static Outcome skipped(String reason) {
        return new Outcome(Kind.SKIPPED, reason);
    }

    /** Passes when the condition holds. */
    static Outcome when(boolean holds, String otherwise) {
        return holds ? PASSED : failed(otherwise);
    }
}
