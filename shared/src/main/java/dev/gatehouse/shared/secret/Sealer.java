package dev.gatehouse.shared.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a fresh random nonce in front of each ciphertext (NIST SP 800-38D §8.2.2). Any thread may use it. */
public final class Sealer {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;

    Sealer(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Encrypts a text and binds it to its context, so that a sealed value moved to another row or owner does not open.
     *
     * @return nonce, ciphertext and tag
     */
    public byte[] seal(String text, String context) {
        byte[] nonce = SecretToken.randomBytes(NONCE_BYTES);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, text.getBytes(StandardCharsets.UTF_8), context);
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    }

    /** @throws BrokenSealException when key or context differ from those that sealed, or a bit was changed */
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

    /** A sealed value that this key and context did not seal. */
    public static final class BrokenSealException extends RuntimeException {

        BrokenSealException() {
            super("A sealed value does not open with this key", null, false, false);
        }
    }
}
