package dev.gatehouse.authz.device;

import dev.gatehouse.authz.token.AccessToken;

/**
 * What became of a device's poll (RFC 8628 §3.5).
 *
 * @param grantId null unless redeemed
 * @param token the access token that was stored; null unless redeemed
 */
public record DeviceOutcome(Status status, String grantId, AccessToken token) {

    /** All but the first issue nothing. */
    public enum Status { REDEEMED, PENDING, TOO_FAST, DENIED, EXPIRED, UNKNOWN, OTHER_CLIENT, SPENT, USER_DISABLED, INVALID_TARGET }

    public static DeviceOutcome of(Status status) {
        return new DeviceOutcome(status, null, null);
    }
}
