package dev.gatehouse.shared.dpop;

/**
 * When a proof is fresh (RFC 9449 §11.1).
 *
 * @param pastSeconds how long ago it may have been made
 * @param futureSeconds how far its sender's clock may be ahead of ours
 */
public record ProofLifetime(long pastSeconds, long futureSeconds) {

    /** A clock that is more than this ahead is wrong. */
    private static final long PATIENCE_SECONDS = 15;

    /** With the usual patience for clocks that are ahead. */
    public static ProofLifetime of(long pastSeconds) {
        return new ProofLifetime(pastSeconds, PATIENCE_SECONDS);
    }
}
