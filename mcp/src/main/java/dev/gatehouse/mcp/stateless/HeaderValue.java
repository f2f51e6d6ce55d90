package dev.gatehouse.mcp.stateless;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Encodes values of the body for headers (2026-07-28, Streamable HTTP, value encoding). */
public final class HeaderValue {

    private static final String BEGIN = "=?base64?";
    private static final String END = "?=";

    private HeaderValue() {
    }

    /** Encodes a text for a header: unchanged, or as Base64 if a header cannot carry it or if it looks like Base64. */
    public static String encode(String text) {
        boolean plain = isPlain(text) && text.equals(text.strip()) && !text.isEmpty() && !(text.startsWith(BEGIN) && text.endsWith(END));
        return plain ? text : BEGIN + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + END;
    }

    /** The decoded value of a header; empty if it is malformed. */
    static Optional<String> decode(String value) {
        if (!value.startsWith(BEGIN) || !value.endsWith(END) || value.length() < BEGIN.length() + END.length()) {
            return isPlain(value) ? Optional.of(value) : Optional.empty();
        }
        try {
            String encoded = value.substring(BEGIN.length(), value.length() - END.length());
            if (encoded.length() % 4 != 0) {
                return Optional.empty();
            }
            byte[] bytes = Base64.getDecoder().decode(encoded);
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if ((character < 0x20 || character >= 0x7F) && character != '\t') {
                return false;
            }
        }
        return true;
    }
}
