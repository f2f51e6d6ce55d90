package dev.gatehouse.authz.session;

/**
 * How the person of a grant had proved who they are.
 *
 * @param authenticatedAt when they gave a password, epoch milliseconds; null for grants of before this was kept
 * @param nonce of the authorization request, or null
 */
public record Authentication(Long authenticatedAt, String nonce) {
}
