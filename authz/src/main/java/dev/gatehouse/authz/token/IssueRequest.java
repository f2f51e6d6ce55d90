package dev.gatehouse.authz.token;

import dev.gatehouse.authz.scope.CurrentAllowance;

/**
 * Tokens that a transaction stores if the request turns out to be good.
 *
 * @param refreshHash null for no refresh token
 * @param at epoch milliseconds
 * @param confirmation what the access token is bound to, or null
 * @param refreshBound whether the refresh token is bound to the same: that of a public client is, while another proves
 *     who it is at each use and may change its keys (RFC 9449 §5, RFC 8705 §4)
 * @param limits what of a grant the access token gets at most
 */
public record IssueRequest(String accessHash, String refreshHash, long at, long accessMillis, long refreshIdleMillis,
                            Confirmation confirmation, boolean refreshBound, CurrentAllowance limits) {

    /** What the refresh token is bound to, or null. */
    public Confirmation refreshConfirmation() {
        return refreshBound ? confirmation : null;
    }
}
