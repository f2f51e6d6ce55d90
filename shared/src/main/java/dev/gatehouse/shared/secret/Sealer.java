package dev.gatehouse.shared.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a new random nonce before each ciphertext (NIST SP 800-38D §8.2.2). Thread-safe. */
public final class Sealer {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;

    Sealer(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Encrypts a text and authenticates its context, so that a value moved to another row or owner does not decrypt.
     *
     * @param text the text
     * @param context the row or owner of the value
     * @return nonce, ciphertext and tag
     */
    public byte[] seal(String text, String context) {
        byte[] nonce = SecretToken.randomBytes(NONCE_BYTES);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, text.getBytes(StandardCharsets.UTF_8), context);
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    }

    /**
     * Decrypts a value and checks its context.
     *
     * @param sealed the result of {@link #seal}
     * @param context the row or owner of the value
     * @return the text
     * @throws BrokenSealException if the key or the context is another one, or the value was changed
     */
    public String open(byte[] sealed, String context) {
        if (sealed.length < NONCE_BYTES) {
            throw new BrokenSealException();
        }
        ByteBuffer input = ByteBuffer.wrap(sealed);
        byte[] nonce = new byte[NONCE_BYTES];
        input.get(nonce);
        byte[] body = new byte[input.remaining()];
        input.get(body);
        return new String(run(Cipher.DECRYPT_MODE, nonce, body, context), StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, byte[] nonce, byte[] body, String context) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(body);
        } catch (AEADBadTagException e) {
            throw new BrokenSealException();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-GCM", e);
        }
    }

    /** A value that was not encrypted with this key and context. */
    public static final class BrokenSealException extends RuntimeException {

        BrokenSealException() {
            super("An encrypted value cannot be decrypted with this key", null, false, false);
        }
    }
}
