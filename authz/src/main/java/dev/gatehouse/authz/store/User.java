package dev.gatehouse.authz.store;

/**
 * A person with an account here.
 *
 * @param sub opaque and never reused: {@code usr_} and random characters
 * @param username what the person types; unique, compared exactly
 * @param passwordHash Argon2id in its PHC string form
 * @param email or null
 * @param name the person's display name, or null
 * @param createdAt epoch milliseconds
 * @param lastLoginAt epoch milliseconds, or null before the first login
 */
public record User(String sub, String username, String passwordHash, String email, String name, boolean disabled,
                   long createdAt, Long lastLoginAt) {

    @Override
    public String toString() {
        return "User[" + sub + "]";
    }
}
