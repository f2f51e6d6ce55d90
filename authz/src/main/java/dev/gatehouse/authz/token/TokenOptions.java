package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.TokenFormat;
import io.vertx.core.json.JsonObject;

/**
 * How long codes and tokens live.
 *
 * @param refreshTokenIdleSeconds how long a refresh token may lie unused
 * @param refreshTokenAbsoluteSeconds how long a grant lives however often it is refreshed
 * @param refreshGraceSeconds how long a spent refresh token still yields its same successor, for a lost answer
 * @param format of access tokens for resources that do not say
 */
public record TokenOptions(long accessTokenSeconds, long authorizationCodeSeconds, long refreshTokenIdleSeconds,
                           long refreshTokenAbsoluteSeconds, long refreshGraceSeconds, TokenFormat format) {

    /** These with what the operator has decided for one client. */
    public TokenOptions governedBy(ClientPolicy policy) {
        return new TokenOptions(orElse(policy.accessTokenSeconds(), accessTokenSeconds), authorizationCodeSeconds,
            orElse(policy.refreshTokenIdleSeconds(), refreshTokenIdleSeconds),
            orElse(policy.refreshTokenAbsoluteSeconds(), refreshTokenAbsoluteSeconds), refreshGraceSeconds, format);
    }

    private static long orElse(Long decided, long otherwise) {
        return decided == null ? otherwise : decided;
    }

    public static TokenOptions of(JsonObject json) {
        return new TokenOptions(json.getLong("accessTokenSeconds", 3_600L), json.getLong("authorizationCodeSeconds", 60L),
            json.getLong("refreshTokenIdleSeconds", 1_209_600L), json.getLong("refreshTokenAbsoluteSeconds", 7_776_000L),
            json.getLong("refreshGraceSeconds", 60L), TokenFormat.of(json.getString("format", "opaque")));
    }
}
