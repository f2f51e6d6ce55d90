package dev.gatehouse.client.chat;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variable of a URI template (RFC 6570, simple expansion) at the end of an unfinished URI. Pure.
 *
 * @param given the variables before, with their values
 * @param name the variable whose value is typed
 * @param head the URI up to that value
 * @param value what is typed of the value
 */
record UriCursor(Map<String, String> given, String name, String head, String value) {

    private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z0-9_.]+)}");

    /** Finds the variable; empty where the URI does not follow the template, or ends in a fixed part of it. */
    static Optional<UriCursor> at(String template, String typed) {
        Map<String, String> given = new LinkedHashMap<>();
        Matcher variable = VARIABLE.matcher(template);
        int from = 0;
        int done = 0;
        while (variable.find()) {
            String fixed = template.substring(from, variable.start());
            if (!typed.startsWith(fixed, done)) {
                return Optional.empty();
            }
            done += fixed.length();
            from = variable.end();
            String after = from < template.length() ? template.substring(from, from + 1) : "";
            int end = after.isEmpty() ? -1 : typed.indexOf(after, done);
            if (end < 0) {
                return Optional.of(new UriCursor(given, variable.group(1), typed.substring(0, done), decoded(typed.substring(done))));
            }
            given.put(variable.group(1), decoded(typed.substring(done, end)));
            done = end;
        }
        return Optional.empty();
    }

    /** The template up to its first variable. */
    static String fixedPart(String template) {
        int open = template.indexOf('{');
        return open < 0 ? template : template.substring(0, open);
    }

    /** The URI with a value of the variable at its end. */
    String with(String completed) {
        return head + URLEncoder.encode(completed, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unfinished) {
            return value;
        }
    }
}
