package dev.gatehouse.authz.token;

/**
 * What became of a code.
 *
 * @param grantId the grant that the code belongs to; null for an unknown code
 * @param token the access token that was stored; null unless redeemed
 */
public record RedemptionOutcome(Status status, String grantId, AccessToken token) {

    /** All but the first issue nothing; {@code REPLAYED} also revoked what the first redemption had issued. */
    public enum Status {
        REDEEMED, UNKNOWN, OTHER_CLIENT, OTHER_KEY, EXPIRED, TOO_MANY_TRIES, WRONG_VERIFIER, WRONG_REDIRECT_URI, INVALID_TARGET, GRANT_ENDED,
        /** A second redemption, right in every other way. */
        REPLAYED,
        /** A second redemption by someone who cannot prove to be the first, and who therefore revokes nothing. */
        SPENT
    }
}
