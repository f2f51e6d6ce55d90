package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parameters of a form body or query string, parsed strictly. An empty value counts as absent and unknown names are ignored
 * (RFC 6749 §3.1, §3.2). Reading a repeated parameter as a single value fails.
 */
public final class FormParameters {

    private final Map<String, List<String>> values;

    private FormParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parses a body of type {@code application/x-www-form-urlencoded}.
     *
     * @param headers the headers of the request
     * @param body the body
     * @return the parameters
     * @throws OAuthException {@code invalid_request} for another content type or a malformed escape
     */
    public static FormParameters parseBody(MultiMap headers, Buffer body) {
        List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
        if (types.size() != 1 || !MediaTypes.is(types.get(0), MediaTypes.FORM)) {
            throw invalidRequest("Send the parameters as application/x-www-form-urlencoded");
        }
        return parse(body == null ? "" : body.toString(StandardCharsets.UTF_8));
    }

    /**
     * Parses a query string or form body.
     *
     * @param encoded without the leading question mark; may be null
     * @return the parameters
     */
    public static FormParameters parse(String encoded) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int start = 0;
        while (encoded != null && start < encoded.length()) {
            int end = encoded.indexOf('&', start);
            end = end < 0 ? encoded.length() : end;
            addPair(values, encoded.substring(start, end));
            start = end + 1;
        }
        return new FormParameters(values);
    }

    private static void addPair(Map<String, List<String>> values, String pair) {
        int equals = pair.indexOf('=');
        if (equals > 0 && equals < pair.length() - 1) {
            values.computeIfAbsent(decode(pair.substring(0, equals)), name -> new ArrayList<>(1))
                .add(decode(pair.substring(equals + 1)));
        }
    }

    /**
     * Encodes parameters as application/x-www-form-urlencoded.
     *
     * @param parameters names and values
     * @return the form, in the order of the map
     */
    public static String encode(Map<String, String> parameters) {
        return parameters.entrySet().stream().map(each -> encode(each.getKey()) + "=" + encode(each.getValue())).collect(Collectors.joining("&"));
    }

    /**
     * Adds parameters to the query of a URL.
     *
     * @param url a URL without a fragment
     * @param parameters names and values
     * @return the URL with these parameters after its own
     */
    public static String addTo(String url, Map<String, String> parameters) {
        return url + (url.indexOf('?') < 0 ? '?' : '&') + encode(parameters);
    }

    /**
     * Encodes a text as application/x-www-form-urlencoded.
     *
     * @param text a name or a value
     * @return the encoded text
     */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Decodes application/x-www-form-urlencoded.
     *
     * @param encoded the encoded text
     * @return the text
     * @throws OAuthException {@code invalid_request} for a malformed escape or bytes that are not UTF-8
     */
    public static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded.indexOf('+') < 0 ? encoded : encoded.replace('+', ' ');
        }
        byte[] source = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(source.length);
        for (int i = 0; i < source.length; i++) {
            if (source[i] == '%') {
                decoded.put((byte) (hexDigit(source, i + 1) << 4 | hexDigit(source, i + 2)));
                i += 2;
            } else {
                decoded.put(source[i] == '+' ? (byte) ' ' : source[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw invalidRequest("A parameter is not UTF-8 text");
        }
    }

    private static int hexDigit(byte[] source, int index) {
        int digit = index < source.length ? Character.digit(source[index], 16) : -1;
        if (digit < 0) {
            throw invalidRequest("A parameter has a malformed percent escape");
        }
        return digit;
    }

    /**
     * Returns a parameter that must not be repeated.
     *
     * @param name the name of the parameter
     * @return its value, or null if it is absent or empty
     * @throws OAuthException {@code invalid_request} if it is repeated
     */
    public String single(String name) {
        List<String> sent = values.getOrDefault(name, List.of());
        if (sent.size() > 1) {
            throw invalidRequest("A parameter is repeated that must be sent only once");
        }
        return sent.isEmpty() ? null : sent.get(0);
    }

    /**
     * {@return the value of a parameter that must be present once}
     *
     * @param name the name of the parameter
     * @throws OAuthException {@code invalid_request}, which names the parameter, if it is absent or repeated
     */
    public String required(String name) {
        String value = single(name);
        if (value == null) {
            throw invalidRequest("The parameter " + name + " is missing");
        }
        return value;
    }

    /**
     * {@return all values of a parameter, in order}
     *
     * @param name the name of the parameter
     */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /**
     * {@return whether a parameter has a value}
     *
     * @param name the name of the parameter
     */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** {@return the names of all parameters with a value} */
    public Set<String> names() {
        return values.keySet();
    }

    private static OAuthException invalidRequest(String description) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, description);
    }
}
