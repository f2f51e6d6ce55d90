package dev.gatehouse.authz.token;

import dev.gatehouse.shared.secret.SecretToken;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The hash of a token's text as four numbers, which take a third of the memory of the text that is stored. */
record TokenKey(long first, long second, long third, long fourth) {

    /** The key of a token by its text. */
    static TokenKey ofToken(String text) {
        return of(SecretToken.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The key of a token by its hash as {@link SecretToken#hash} writes it. */
    static TokenKey ofHash(String hash) {
        return of(Base64.getUrlDecoder().decode(hash));
    }

    private static TokenKey of(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new TokenKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** The hash as {@link SecretToken#hash} writes it. */
    String hash() {
        return SecretToken.encode(ByteBuffer.allocate(4 * Long.BYTES).putLong(first).putLong(second).putLong(third).putLong(fourth).array());
    }

    /** The bits of a hash are random, so these are enough. */
    @Override
    public int hashCode() {
        return (int) third;
    }
}
