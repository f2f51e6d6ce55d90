package dev.gatehouse.authz.user;

import dev.gatehouse.shared.secret.SecretToken;

/**
 * A user account.
 *
 * @param sub opaque and never reused: {@code usr_} and random characters
 * @param username the login name; unique, compared exactly
 * @param passwordHash Argon2id in its PHC string form, or {@link #NO_PASSWORD}
 * @param email or null
 * @param name the display name, or null
 * @param createdAt epoch milliseconds
 * @param lastLoginAt epoch milliseconds, or null before the first login
 */
public record User(String sub, String username, String passwordHash, String email, String name, boolean disabled,
                   long createdAt, Long lastLoginAt) {

    /** No password has this hash: only the issuer for which the account was created can log in to it. */
    public static final String NO_PASSWORD = "$none";

    private static final String SUB_PREFIX = "usr_";

    /** Generates a subject identifier: {@code usr_} and 16 characters. */
    public static String newSub() {
        return SUB_PREFIX + SecretToken.encode(SecretToken.randomBytes(12));
    }

    /** Returns whether a text has the form of a subject identifier. A client must not have such an identifier, because it is the subject of its
     * tokens. */
    public static boolean isSub(String text) {
        return text.startsWith(SUB_PREFIX);
    }

    /** The rule for new usernames. */
    public static boolean isUsername(String text) {
        return !text.isBlank() && text.length() <= 100 && text.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }

    /** Returns whether the account has a password of this server. */
    public boolean hasPassword() {
        return !passwordHash.equals(NO_PASSWORD);
    }

    /** The same user with another login name. */
    public User named(String name) {
        return new User(sub, name, passwordHash, email, this.name, disabled, createdAt, lastLoginAt);
    }

    @Override
    public String toString() {
        return "User[" + sub + "]";
    }
}
