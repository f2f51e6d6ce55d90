package dev.gatehouse.authz.user;

/**
 * The user data that resource servers receive.
 *
 * @param email or null
 * @param name or null
 * @param createdAt epoch milliseconds
 * @param lastLoginAt epoch milliseconds, or null
 */
public record UserProfile(String username, String email, String name, long createdAt, Long lastLoginAt) {
}
