package dev.gatehouse.shared.secret;

import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;

/** HMAC-SHA-256 under a key of its own (RFC 2104). Safe for use from any thread. */
public final class KeyedHash {

    /** Never used itself, only copied, which is much cheaper than finding and keying a new one. */
    private final Mac keyed;

    KeyedHash(byte[] key) {
        this.keyed = MasterKey.mac(key);
    }

    /** Base64url of the HMAC of a text: 43 characters that only a holder of the key can compute. */
    public String of(String text) {
        try {
            return SecretToken.encode(((Mac) keyed.clone()).doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's HmacSHA256 can be copied", e);
        }
    }
}
