package dev.gatehouse.mcp.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON text into maps, lists, strings, numbers and truth values. A name that occurs twice in one object is an error: two
 * readers could see two different messages (RFC 8259 §4). The memory that the values take is bounded, because a text can
 * take twenty times its own size once it is read.
 */
final class JsonReader {

    /** Rounded up from what a 64-bit JVM takes for each. */
    private static final int OBJECT = 96;
    private static final int ARRAY = 56;
    private static final int MEMBER = 48;
    private static final int VALUE = 24;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final JsonParser json;
    private final long mostWeight;
    private long weight;

    private JsonReader(JsonParser json, long mostWeight) {
        this.json = json;
        this.mostWeight = mostWeight;
    }

    /**
     * Reads one value; a byte order mark before it is ignored (RFC 8259 §8.1).
     *
     * @param mostWeight bytes that the value may take in memory
     * @throws StreamConstraintsException if the value is beyond a bound
     * @throws IOException                if the text is not valid JSON
     */
    static MessageCodec.Json read(JsonFactory factory, byte[] text, long mostWeight) throws IOException {
        int start = start(text);
        try (JsonParser parser = factory.createParser(text, start, text.length - start)) {
            JsonReader reader = new JsonReader(parser, mostWeight);
            Object value = reader.value(parser.nextToken());
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "More than one value");
            }
            return new MessageCodec.Json(value, reader.weight);
        }
    }

    /** The start of the text after a byte order mark. */
    static int start(byte[] text) {
        boolean isMarked = text.length >= BYTE_ORDER_MARK.length && text[0] == BYTE_ORDER_MARK[0] && text[1] == BYTE_ORDER_MARK[1]
            && text[2] == BYTE_ORDER_MARK[2];
        return isMarked ? BYTE_ORDER_MARK.length : 0;
    }

    private Object value(JsonToken token) throws IOException {
        if (token == null) {
            throw new JsonParseException(json, "No value");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> string();
            case VALUE_NUMBER_INT -> charge(VALUE, json.getNumberValue());
            case VALUE_NUMBER_FLOAT -> charge(VALUE, finite(json.getDoubleValue()));
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new JsonParseException(json, "Not a value");
        };
    }

    private Map<String, Object> object() throws IOException {
        Map<String, Object> members = charge(OBJECT, new LinkedHashMap<>(4));
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            charge(MEMBER + name.length(), name);
            int before = members.size();
            members.put(name, value(json.nextToken()));
            if (members.size() == before) {
                throw new JsonParseException(json, "A name occurs twice");
            }
        }
        return members;
    }

    private List<Object> array() throws IOException {
        List<Object> members = charge(ARRAY, new ArrayList<>(4));
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            members.add(value(token));
        }
        return members;
    }

    private String string() throws IOException {
        String text = json.getText();
        return charge(VALUE + text.length(), text);
    }

    /** Infinity is no value of JSON, so it could not be written again. */
    private static Double finite(double number) throws StreamConstraintsException {
        if (Double.isInfinite(number)) {
            throw new StreamConstraintsException("A number is too large");
        }
        return number;
    }

    private <T> T charge(long bytes, T value) throws StreamConstraintsException {
        weight += bytes;
        if (weight > mostWeight) {
            throw new StreamConstraintsException("Too many values");
        }
        return value;
    }
}
