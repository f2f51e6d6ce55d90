package dev.gatehouse.authz.store;

/**
 * Tokens that a transaction stores if the request turns out to be good.
 *
 * @param refreshHash null for no refresh token
 * @param at epoch milliseconds
 */
public record TokensToIssue(String accessHash, String refreshHash, long at, long accessMillis, long refreshIdleMillis) {
}
