package dev.gatehouse.authz.user;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.shared.secret.SecretToken;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;

/** Argon2id (RFC 9106) with hashes in PHC string format. Blocking and slow by design; servers use {@link PasswordHasher}. */
public final class Argon2id {

    /** The longest password in characters. Normalization takes quadratic time, so the limit is checked first. */
    public static final int LONGEST = 1024;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final PasswordHashOptions options;

    public Argon2id(PasswordHashOptions options) {
        this.options = options;
    }

    /** The library keeps one for each cost. It makes it at the first hash, because that allocates the memory of a hash. */
    private Argon2Function function() {
        return Argon2Function.getInstance(options.memoryKibibytes(), options.iterations(), options.parallelism(), HASH_BYTES, Argon2.ID,
            Argon2Function.ARGON2_VERSION_13);
    }

    /** Hashes a password, up to {@link #LONGEST}, with a new salt. Returns {@code $argon2id$v=19$m=…}. */
    public String hash(String password) {
        return function().hash(bytes(password), SecretToken.randomBytes(SALT_BYTES)).getResult();
    }

    /** Returns a hash that no password is known to match, at the cost of a real one. Its computation is free: salt and hash are random. */
    String unmatched() {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=" + Argon2Function.ARGON2_VERSION_13 + "$m=" + options.memoryKibibytes() + ",t=" + options.iterations()
            + ",p=" + options.parallelism() + "$" + encoder.encodeToString(SecretToken.randomBytes(SALT_BYTES))
            + "$" + encoder.encodeToString(SecretToken.randomBytes(HASH_BYTES));
    }

    /** Compares a password with a hash, at the cost that the hash declares. */
    public boolean verify(String password, String phc) {
        return password.length() <= LONGEST && Argon2Function.getInstanceFromHash(phc).check(bytes(password), phc.getBytes(StandardCharsets.US_ASCII));
    }

    /** Keyboards compose characters differently, so the password is normalized to NFC (RFC 8265 §4.2.2). */
    private static byte[] bytes(String password) {
        if (password.length() > LONGEST) {
            throw new IllegalArgumentException("The password is longer than " + LONGEST + " characters");
        }
        return Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    }
}
