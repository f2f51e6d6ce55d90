package dev.gatehouse.shared.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Key material from which each purpose derives its own key. */
public final class MasterKey {

    static final int BYTES = 32;

    private final byte[] material;

    /**
     * Wraps the bytes of a key.
     *
     * @param material 32 bytes
     * @throws IllegalArgumentException if the material is not 32 bytes
     */
    public MasterKey(byte[] material) {
        if (material.length != BYTES) {
            throw new IllegalArgumentException("A master key has " + BYTES + " bytes");
        }
        this.material = material.clone();
    }

    /**
     * {@return a keyed hash for one purpose; the same purpose gives the same function after a restart}
     *
     * @param purpose the name of the purpose
     */
    public KeyedHash keyedHash(String purpose) {
        return new KeyedHash(derive(purpose));
    }

    /**
     * {@return authenticated encryption for one purpose}
     *
     * @param purpose the name of the purpose
     */
    public Sealer sealer(String purpose) {
        return new Sealer(derive(purpose));
    }

    private byte[] derive(String purpose) {
        return hmac(material, purpose.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        return mac(key).doFinal(message);
    }

    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "MasterKey[…]";
    }

    /** HMAC-SHA-256 with a key for one purpose (RFC 2104). Thread-safe. */
    public static final class KeyedHash {

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
}
