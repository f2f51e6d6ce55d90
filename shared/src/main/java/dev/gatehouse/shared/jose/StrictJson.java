package dev.gatehouse.shared.jose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.util.Map;

/**
 * Parses untrusted JSON so that two parsers cannot differ: no duplicate member, no content after the end, limited depth
 * (RFC 7515 §5.2 step 3, RFC 8725 §2.4).
 */
public final class StrictJson {

    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 40;
    private static final ObjectReader READER = reader();

    private StrictJson() {
    }

    private static ObjectReader reader() {
        JsonFactory factory = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST).maxNumberLength(LONGEST_NUMBER).build())
            .build();
        return new ObjectMapper(factory).readerFor(Map.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * Parses a JSON object without duplicate members.
     *
     * @param bytes the encoded object
     * @return the object
     * @throws JwtException if the bytes are not one JSON object in UTF-8
     */
    public static JsonObject object(byte[] bytes) {
        try {
            Map<String, Object> members = READER.readValue(bytes);
            if (members == null) {
                throw new JwtException("not a JSON object");
            }
            return new JsonObject(members);
        } catch (IOException e) {
            throw new JwtException("malformed JSON");
        }
    }
}
