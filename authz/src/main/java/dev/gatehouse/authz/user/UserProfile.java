package dev.gatehouse.authz.user;

/**
 * What resource servers are told of a person.
 *
 * @param email or null
 * @param name or null
 * @param createdAt epoch milliseconds
 * @param lastLoginAt epoch milliseconds, or null
 */
public record UserProfile(String username, String email, String name, long createdAt, Long lastLoginAt) {
}
