package dev.gatehouse.mcp.bearer;

/**
 * How access tokens that are JWTs are verified.
 *
 * @param enabled          whether here, with the authorization server's keys, instead of by asking it about each
 * @param clockSkewSeconds how far its clock may be from this one's, at most 60
 */
public record LocalJwtOptions(boolean enabled, int clockSkewSeconds) {

    /** Every token is asked about, so that its revocation is noticed. */
    public static final LocalJwtOptions OFF = new LocalJwtOptions(false, 10);
}
