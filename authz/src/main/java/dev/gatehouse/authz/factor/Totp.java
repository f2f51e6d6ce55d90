package dev.gatehouse.authz.factor;

import dev.gatehouse.shared.secret.SecretToken;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.OptionalLong;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based one-time passwords (RFC 6238) with SHA-1, six digits and steps of 30 seconds: the only parameters that every authenticator app
 * supports. vertx-auth-otp has no memory of the accepted step and reads the system clock, so these rules are our own.
 */
public final class Totp {

    static final long STEP_SECONDS = 30;
    private static final int SECRET_BYTES = 20;
    private static final int DIGITS = 6;
    private static final int MODULUS = 1_000_000;
    /** Steps before and after the current one, for clocks that differ (RFC 6238 §5.2). */
    private static final int TOLERANCE = 1;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Totp() {
    }

    /** Generates a secret of 160 bits (RFC 4226 §4), in base32 as apps read it. */
    static String newSecret() {
        return base32(SecretToken.randomBytes(SECRET_BYTES));
    }

    /**
     * Returns the time step of a code, if it is the current one or a neighbor and newer than the last accepted one.
     *
     * @param secret in base32
     * @param typed the code, with or without spaces
     * @param lastStep the last accepted step
     * @param now epoch milliseconds
     */
    static OptionalLong step(String secret, String typed, long lastStep, long now) {
        String code = typed.replaceAll("\\s", "");
        if (!code.matches("[0-9]{" + DIGITS + "}")) {
            return OptionalLong.empty();
        }
        long current = now / 1000 / STEP_SECONDS;
        OptionalLong found = OptionalLong.empty();
        for (long step = current - TOLERANCE; step <= current + TOLERANCE; step++) {
            if (SecretToken.constantTimeEquals(code(secret, step), code) && step > lastStep) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** The code of a time step (RFC 4226 §5.3). @param secret in base32 */
    public static String code(String secret, long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(bytes(secret), "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0x0f;
            int binary = ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff;
            return String.format(Locale.ROOT, "%0" + DIGITS + "d", binary % MODULUS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }

    /** The URI that apps read from a QR code. @param server the name under which apps list the account */
    static String uri(String server, String username, String secret) {
        return "otpauth://totp/" + encode(server) + ":" + encode(username) + "?secret=" + secret + "&issuer=" + encode(server);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** RFC 4648 §6, without padding: apps reject it. */
    static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte each : bytes) {
            buffer = buffer << 8 | each & 0xff;
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(BASE32.charAt(buffer >> bits - 5 & 0x1f));
            }
        }
        return text.toString();
    }

    private static byte[] bytes(String base32) {
        ByteBuffer bytes = ByteBuffer.allocate(base32.length() * 5 / 8);
        int buffer = 0;
        int bits = 0;
        for (char each : base32.toCharArray()) {
            buffer = buffer << 5 | BASE32.indexOf(each);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.put((byte) (buffer >> bits));
            }
        }
        return bytes.array();
    }
}
