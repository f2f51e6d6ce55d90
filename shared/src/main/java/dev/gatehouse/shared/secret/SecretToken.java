package dev.gatehouse.shared.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Secrets of 256 random bits with a prefix for secret scanners, and the hash that is stored. A secret of this strength
 * needs no salt and no slow hash (RFC 6749 §10.10 requires only that it cannot be guessed).
 */
public final class SecretToken {

    /** Cloned for each hash, which is several times faster than the search for a provider. */
    private static final MessageDigest SHA_256 = sha256();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_CHARACTERS = 43;

    private SecretToken() {
    }

    /**
     * {@return a new secret: the prefix and 43 base64url characters}
     *
     * @param prefix the prefix, which names the kind
     */
    public static String generate(String prefix) {
        return prefix + encode(randomBytes(RANDOM_BYTES));
    }

    /**
     * {@return whether a text has the format of {@link #generate} with a prefix} Runs on every request, so it avoids regular expressions.
     *
     * @param prefix the prefix
     * @param text the text; may be null
     */
    public static boolean isForm(String prefix, String text) {
        int length = prefix.length() + RANDOM_CHARACTERS;
        if (text.length() != length || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = prefix.length(); i < length; i++) {
            if (!isBase64Url(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBase64Url(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    /**
     * {@return random bytes from the platform's secure generator}
     *
     * @param count the number of bytes
     */
    public static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /**
     * {@return the stored form of a secret: its SHA-256 in base64url, 43 characters}
     *
     * @param secret the secret
     */
    public static String hash(String secret) {
        return encode(sha256(secret.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * {@return the SHA-256 of these bytes}
     *
     * @param input the bytes
     */
    public static byte[] sha256(byte[] input) {
        try {
            return ((MessageDigest) SHA_256.clone()).digest(input);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The SHA-256 of the Java platform can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * {@return these bytes in base64url without padding (RFC 4648 §5)}
     *
     * @param bytes the bytes
     */
    public static String encode(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    /**
     * Compares two texts in a time that does not depend on where they differ.
     *
     * @param expected the stored value
     * @param actual the received value
     * @return whether they are equal
     */
    public static boolean constantTimeEquals(String expected, String actual) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
    }
}
