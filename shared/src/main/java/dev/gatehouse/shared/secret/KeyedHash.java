package dev.gatehouse.shared.secret;

import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;

/** HMAC-SHA-256 with a key for one purpose (RFC 2104). Thread-safe. */
public final class KeyedHash {

    /** Only cloned, never used: a clone is much cheaper than a new keyed instance. */
    private final Mac keyed;

    KeyedHash(byte[] key) {
        this.keyed = MasterKey.mac(key);
    }

    /**
     * {@return the HMAC of a text in base64url: 43 characters}
     *
     * @param text the text
     */
    public String of(String text) {
        try {
            return SecretToken.encode(((Mac) keyed.clone()).doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("HmacSHA256 cannot be cloned", e);
        }
    }
}
