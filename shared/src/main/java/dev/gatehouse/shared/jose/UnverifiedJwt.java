package dev.gatehouse.shared.jose;

import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A parsed JWT that is not verified. Use it only to select the key source, by the claimed issuer and the {@code kid}.
 *
 * @param text the compact form
 * @param header the JOSE header
 * @param claims the JWT claims set
 * @param signature the octets of the signature; may be empty
 */
public record UnverifiedJwt(String text, JsonObject header, JsonObject claims, byte[] signature) {

    /** The longest accepted JWT. */
    public static final int MAX_CHARS = 16_384;

    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();

    /**
     * Parses a compact JWS (RFC 7515 §7.1).
     *
     * @param text the compact JWS
     * @return the JWT
     * @throws JwtException if it is longer than {@link #MAX_CHARS}, does not have three parts of canonical base64url
     *     without padding, or its header or claims are not one JSON object without duplicate members
     */
    public static UnverifiedJwt parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw new JwtException("too long");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new JwtException("not three parts");
        }
        return new UnverifiedJwt(text, object(parts[0]), object(parts[1]), decode(parts[2]));
    }

    private static JsonObject object(String part) {
        try {
            return StrictJson.object(decode(part));
        } catch (MalformedJson e) {
            throw new JwtException(e.getMessage());
        }
    }

    /**
     * {@return whether a text has the form of a JWT, which this server's opaque tokens never have}
     *
     * @param text the text
     */
    public static boolean looksLikeOne(String text) {
        int first = text.indexOf('.');
        int last = text.lastIndexOf('.');
        return first > 0 && last > first && text.indexOf('.', first + 1) == last;
    }

    /** {@return the {@code kid} of the header, or null} */
    public String kid() {
        return Claims.optionalText(header, "kid");
    }

    byte[] signingInput() {
        return text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] decode(String part) {
        try {
            byte[] bytes = BASE64URL.decode(part);
            // The decoder accepts padding and non-zero trailing bits; one JWT would then have several encodings.
            if (!SecretToken.encode(bytes).equals(part)) {
                throw new JwtException("base64url that is not canonical");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new JwtException("not base64url");
        }
    }

    @Override
    public String toString() {
        return "UnverifiedJwt[…]";
    }
}
