package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.TokenFormat;

/**
 * The lifetimes of codes and tokens.
 *
 * @param refreshTokenIdleSeconds lifetime of an unused refresh token
 * @param refreshTokenAbsoluteSeconds lifetime of a grant, however often it is refreshed
 * @param refreshGraceSeconds period in which a spent refresh token returns the same successor, after a lost response
 * @param format of access tokens for resources without a format of their own
 */
public record TokenOptions(long accessTokenSeconds, long authorizationCodeSeconds, long refreshTokenIdleSeconds,
                           long refreshTokenAbsoluteSeconds, long refreshGraceSeconds, TokenFormat format) {

    /** These lifetimes with the operator's policy for one client. */
    public TokenOptions governedBy(ClientPolicy policy) {
        return new TokenOptions(orElse(policy.accessTokenSeconds(), accessTokenSeconds), authorizationCodeSeconds,
            orElse(policy.refreshTokenIdleSeconds(), refreshTokenIdleSeconds),
            orElse(policy.refreshTokenAbsoluteSeconds(), refreshTokenAbsoluteSeconds), refreshGraceSeconds, format);
    }

    private static long orElse(Long decided, long otherwise) {
        return decided == null ? otherwise : decided;
    }
}
