package dev.gatehouse.shared.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.vertx.core.json.JsonObject;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses JSON from outside, untrusted documents and configuration files alike, so that two parsers cannot differ: no duplicate member, no content after the end, limited depth
 * (RFC 7515 §5.2 step 3, RFC 8725 §2.4).
 */
public final class StrictJson {

    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 40;
    /** RFC 8259 §8.1 lets a parser ignore it. */
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    /** JSON between systems is UTF-8 (RFC 8259 §8.1), and two parsers must not differ. */
    private static final ObjectReader UTF_8 = reader(false);
    /** Editors of some platforms write UTF-16. */
    private static final ObjectReader ANY_UNICODE = reader(true);

    /** The text is not one JSON value, or not of the expected type. */
    public static final class MalformedJson extends RuntimeException {

        MalformedJson(String message) {
            super(message, null, false, false);
        }
    }

    private StrictJson() {
    }

    private static ObjectReader reader(boolean detectsEncoding) {
        JsonFactory factory = JsonFactory.builder()
            .configure(JsonFactory.Feature.CHARSET_DETECTION, detectsEncoding)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST).maxNumberLength(LONGEST_NUMBER).build())
            .build();
        return new ObjectMapper(factory).readerFor(Object.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * Parses a JSON object without duplicate members.
     *
     * @param bytes the encoded object
     * @return the object
     * @throws MalformedJson if the bytes are not one JSON object in UTF-8
     */
    public static JsonObject object(byte[] bytes) {
        int start = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
        try {
            return value(UTF_8, bytes, start).orElseThrow(() -> new MalformedJson("not a JSON object"));
        } catch (JsonProcessingException e) {
            throw new MalformedJson("malformed JSON");
        }
    }

    /**
     * Parses a text of the operator, who needs the place of a mistake.
     *
     * @param bytes the encoded text
     * @return the object; empty for a JSON value that is not an object
     * @throws JsonProcessingException with the line and column, if the bytes are not one JSON value in UTF-8, UTF-16 or UTF-32
     */
    public static Optional<JsonObject> located(byte[] bytes) throws JsonProcessingException {
        return value(ANY_UNICODE, bytes, 0);
    }

    private static Optional<JsonObject> value(ObjectReader reader, byte[] bytes, int start) throws JsonProcessingException {
        try {
            Object value = reader.readValue(bytes, start, bytes.length - start);
            if (hasInfinity(value)) {
                throw new JsonParseException(null, "A number is too large");
            }
            return value instanceof Map<?, ?> ? Optional.of(new JsonObject(members(value))) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw e;
        } catch (CharConversionException e) {
            throw new JsonParseException(null, "The text is not in its encoding", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= BYTE_ORDER_MARK.length && Arrays.equals(bytes, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }

    /** Jackson reads a number beyond the range of a double as an infinite one, which JSON cannot express. */
    private static boolean hasInfinity(Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.values().stream().anyMatch(StrictJson::hasInfinity);
        }
        return value instanceof List<?> list ? list.stream().anyMatch(StrictJson::hasInfinity) : value instanceof Double number && number.isInfinite();
    }

    @SuppressWarnings("unchecked") // Jackson makes maps with text keys.
    private static Map<String, Object> members(Object value) {
        return (Map<String, Object>) value;
    }
}
