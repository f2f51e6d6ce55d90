package dev.gatehouse.authz.user;

import dev.gatehouse.shared.secret.SecretToken;

/**
 * A person with an account here.
 *
 * @param sub opaque and never reused: {@code usr_} and random characters
 * @param username what the person types; unique, compared exactly
 * @param passwordHash Argon2id in its PHC string form, or {@link #NO_PASSWORD}
 * @param email or null
 * @param name the person's display name, or null
 * @param createdAt epoch milliseconds
 * @param lastLoginAt epoch milliseconds, or null before the first login
 */
public record User(String sub, String username, String passwordHash, String email, String name, boolean disabled,
                   long createdAt, Long lastLoginAt) {

    /** No password has this hash: the account is open to the word of the issuer it was made for, and nobody else. */
    public static final String NO_PASSWORD = "$none";

    private static final String SUB_PREFIX = "usr_";

    /** A subject identifier for a new user: {@code usr_} and 16 characters. */
    public static String newSub() {
        return SUB_PREFIX + SecretToken.encode(SecretToken.randomBytes(12));
    }

    /** Whether a text could be a user's subject identifier, and so must not name a client, whose tokens bear its name. */
    public static boolean isSub(String text) {
        return text.startsWith(SUB_PREFIX);
    }

    @Override
    public String toString() {
        return "User[" + sub + "]";
    }
}
