package dev.gatehouse.mcp.feature;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URI template of a resource, read backwards: which values make it a URI (RFC 6570 §3.2.2, simple expansion, and §3.2.3, reserved
 * expansion). The value of {@code {name}} ends at a slash, that of {@code {+name}} does not. Takes time in proportion to the square of the
 * URI's length at most.
 */
final class UriTemplate {

    private static final int LONGEST_URI = 2_048;
    private static final Pattern EXPRESSION = Pattern.compile("\\{([^{}]*)\\}");
    private static final Pattern SUPPORTED = Pattern.compile("(\\+?)([A-Za-z0-9_.%-]+)");

    private final List<Part> parts = new ArrayList<>();

    /**
     * Text that stands as it is, or a variable.
     *
     * @param name     null for text
     * @param reserved whether the value may have slashes
     */
    private record Part(String text, String name, boolean reserved) {
    }

    /** Throws {@link IllegalArgumentException} for expressions other than {@code {name}} and {@code {+name}}. */
    UriTemplate(String template) {
        Matcher expressions = EXPRESSION.matcher(template);
        int end = 0;
        while (expressions.find()) {
            addText(template.substring(end, expressions.start()));
            Matcher supported = SUPPORTED.matcher(expressions.group(1));
            if (!supported.matches()) {
                throw new IllegalArgumentException("The template " + template + " has {" + expressions.group(1)
                    + "}: only {name} and {+name} are supported");
            }
            parts.add(new Part("", supported.group(2), !supported.group(1).isEmpty()));
            end = expressions.end();
        }
        addText(template.substring(end));
    }

    private void addText(String text) {
        if (!text.isEmpty()) {
            parts.add(new Part(text, null, false));
        }
    }

    /** The decoded values of the variables; empty if the URI does not match. A name that occurs twice must have one value. */
    Optional<Map<String, String>> match(String uri) {
        if (uri.length() > LONGEST_URI) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        return new Attempt(uri, values).from(0, 0) ? Optional.of(values) : Optional.empty();
    }

    /** Remembers where the rest of the template did not fit, so that no place is tried twice. */
    private final class Attempt {

        private final String uri;
        private final Map<String, String> values;
        private final BitSet failed = new BitSet();

        Attempt(String uri, Map<String, String> values) {
            this.uri = uri;
            this.values = values;
        }

        private boolean from(int index, int position) {
            if (index == parts.size()) {
                return position == uri.length();
            }
            int place = index * (uri.length() + 1) + position;
            if (failed.get(place)) {
                return false;
            }
            Part part = parts.get(index);
            boolean fits = part.name == null ? uri.startsWith(part.text, position) && from(index + 1, position + part.text.length())
                : variable(part, index, position);
            failed.set(place, !fits);
            return fits;
        }

        /** Tries the longest value first, because a slash usually follows it. */
        private boolean variable(Part part, int index, int position) {
            int longest = part.reserved || uri.indexOf('/', position) < 0 ? uri.length() : uri.indexOf('/', position);
            for (int end = longest; end > position; end--) {
                if (from(index + 1, end)) {
                    String value = decode(uri.substring(position, end));
                    String other = values.putIfAbsent(part.name, value);
                    return value != null && (other == null || other.equals(value));
                }
            }
            return false;
        }

        /** Null if an escape is none, or the octets are not UTF-8. A plus is a plus: this is no form. */
        private String decode(String value) {
            try {
                String octets = URLDecoder.decode(octets(value).replace("+", "%2B"), StandardCharsets.ISO_8859_1);
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1))).toString();
            } catch (IllegalArgumentException | CharacterCodingException malformed) {
                return null;
            }
        }

        /** The UTF-8 of a text, each octet as one character. */
        private static String octets(String text) {
            return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
    }
}
