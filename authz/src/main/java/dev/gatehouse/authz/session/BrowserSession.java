package dev.gatehouse.authz.session;

/**
 * A person logged in with one browser.
 *
 * @param hash of the session cookie
 * @param authenticatedAt when the password was given, epoch milliseconds
 * @param seenAt when it was last used, to the minute or so, epoch milliseconds
 * @param expiresAt epoch milliseconds, however much it is used
 */
public record BrowserSession(String hash, String sub, long authenticatedAt, long seenAt, long expiresAt) {
}
