package dev.gatehouse.authz.store;

/**
 * Tokens that a transaction stores if the request turns out to be good.
 *
 * @param refreshHash null for no refresh token
 * @param at epoch milliseconds
 * @param confirmation what the access token is bound to, or null
 */
public record TokensToIssue(String accessHash, String refreshHash, long at, long accessMillis, long refreshIdleMillis,
                            Confirmation confirmation) {
}
