package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.token.AccessToken;

/**
 * What became of an assertion.
 *
 * @param token what was stored; null unless issued
 */
public record AssertionOutcome(Status status, AccessToken token) {

    /** Nothing is changed by any but the first. */
    public enum Status {
        ISSUED,
        /** It was used before. */
        REPLAYED,
        /** Its person has no account here, or not one alone. */
        NO_ACCOUNT,
        DISABLED_ACCOUNT,
        /** The client was deleted meanwhile. */
        NO_CLIENT
    }

    /** Nothing was issued. */
    public static AssertionOutcome refused(Status status) {
        return new AssertionOutcome(status, null);
    }
}
