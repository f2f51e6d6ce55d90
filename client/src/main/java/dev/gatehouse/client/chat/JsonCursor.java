package dev.gatehouse.client.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The end of an unfinished JSON object, where the next character is typed. Pure.
 *
 * @param given the members before, with their texts as JSON
 * @param name the member whose value is typed; null when a name is typed
 * @param start where the name or value begins in the text
 */
record JsonCursor(Map<String, String> given, String name, int start) {

    /** Finds the end of a text; empty inside a nested value, and where neither a name nor a value can follow. */
    static Optional<JsonCursor> at(String text) {
        return text.isBlank() ? Optional.of(new JsonCursor(Map.of(), null, text.length())) : new Scan(text).object();
    }

    /** Reads the members of the outermost object. */
    private static final class Scan {

        private final String text;
        private final Map<String, String> given = new LinkedHashMap<>();
        private int at;

        Scan(String text) {
            this.text = text;
        }

        Optional<JsonCursor> object() {
            if (!takes('{')) {
                return Optional.empty();
            }
            do {
                skipSpace();
                int nameAt = at;
                if (!isString() || !skipString()) {
                    return at == text.length() ? Optional.of(new JsonCursor(given, null, nameAt)) : Optional.empty();
                }
                String name = text.substring(nameAt + 1, at - 1);
                if (!takes(':')) {
                    return Optional.empty();
                }
                skipSpace();
                int valueAt = at;
                boolean nested = at < text.length() && "[{".indexOf(text.charAt(at)) >= 0;
                if (!skipValue()) {
                    return nested ? Optional.empty() : Optional.of(new JsonCursor(given, name, valueAt));
                }
                given.put(name, text.substring(valueAt, at));
            } while (takes(','));
            return Optional.empty();
        }

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private boolean takes(char wanted) {
            skipSpace();
            boolean isThere = at < text.length() && text.charAt(at) == wanted;
            at += isThere ? 1 : 0;
            return isThere;
        }

        private boolean isString() {
            return at < text.length() && text.charAt(at) == '"';
        }

        /** Returns false when the text ends before the string. */
        private boolean skipString() {
            for (at++; at < text.length(); at++) {
                if (text.charAt(at) == '\\') {
                    at++;
                } else if (text.charAt(at) == '"') {
                    at++;
                    return true;
                }
            }
            at = text.length();
            return false;
        }

        /** Returns false when the text ends before the value. */
        private boolean skipValue() {
            int depth = 0;
            while (at < text.length()) {
                char next = text.charAt(at);
                if (depth == 0 && (next == ',' || next == '}')) {
                    return true;
                }
                if (next == '"') {
                    if (!skipString()) {
                        return false;
                    }
                } else {
                    depth += "[{".indexOf(next) >= 0 ? 1 : "]}".indexOf(next) >= 0 ? -1 : 0;
                    at++;
                }
                if (depth == 0 && (next == '"' || next == ']' || next == '}')) {
                    return true;
                }
            }
            return false;
        }
    }
}
