package dev.gatehouse.authz.token;

/**
 * What became of a refresh token.
 *
 * @param grantId the family; null for an unknown token
 * @param token the access token that was stored; null unless rotated, repeated or kept
 */
public record RotationOutcome(Status status, String grantId, AccessToken token) {

    /** All but the first three issue nothing; {@code REUSED} also revoked the family. */
    public enum Status {
        ROTATED,
        /** Spent a moment ago and its successor not yet used: the answer was lost, and is given again. */
        REPEATED,
        /** Not spent: the client keeps the token. */
        KEPT,
        /** Spent long ago, and presented by a holder that is proven: an old copy, which ends alone. */
        OLD_COPY,
        UNKNOWN, OTHER_CLIENT, OTHER_KEY, EXPIRED, GRANT_ENDED, INVALID_SCOPE, INVALID_TARGET, REUSED
    }
}
