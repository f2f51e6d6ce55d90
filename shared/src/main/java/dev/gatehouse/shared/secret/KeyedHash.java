package dev.gatehouse.shared.secret;

import java.nio.charset.StandardCharsets;

/** HMAC-SHA-256 under a key of its own (RFC 2104). Safe for use from any thread. */
public final class KeyedHash {

    private final byte[] key;

    KeyedHash(byte[] key) {
        this.key = key;
    }

    /** Base64url of the HMAC of a text: 43 characters that only a holder of the key can compute. */
    public String of(String text) {
        return SecretToken.encode(MasterKey.hmac(key, text.getBytes(StandardCharsets.UTF_8)));
    }
}
