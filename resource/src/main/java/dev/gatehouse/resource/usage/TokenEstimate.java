package dev.gatehouse.resource.usage;

import io.vertx.core.json.Json;

import java.util.Map;

/**
 * Estimates the number of language model tokens of a text. It uses no model's vocabulary, because the server does not know which
 * model reads the text.
 */
final class TokenEstimate {

    static final String METHOD = "Estimated from the text of arguments and results: ASCII at 4 characters a token,"
        + " Chinese, Japanese and Korean at 1, all else at 2; each text rounded up";

    private static final int QUARTERS_ASCII = 1;
    private static final int QUARTERS_OTHER = 2;
    private static final int QUARTERS_IDEOGRAPH = 4;

    private TokenEstimate() {
    }

    /** Returns the tokens of a text, at least 1 unless it is empty. */
    static long of(String text) {
        long quarters = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quarters += c < 0x80 ? QUARTERS_ASCII : isIdeograph(c) ? QUARTERS_IDEOGRAPH : QUARTERS_OTHER;
        }
        return (quarters + 3) / 4;
    }

    /** Returns the tokens of arguments in JSON. */
    static long of(Map<String, Object> arguments) {
        return arguments.isEmpty() ? 0 : of(Json.encode(arguments));
    }

    /** Returns whether a character is from Hiragana to Hangul syllables, or a compatibility ideograph; others count as other. */
    private static boolean isIdeograph(char c) {
        return c >= 0x3040 && c <= 0xD7A3 || c >= 0xF900 && c <= 0xFAFF;
    }
}
