package dev.gatehouse.authz.change;

import java.util.Collection;
import java.util.List;

/** Lists of texts without spaces, stored in one column in the form of the wire: space-separated. */
public final class SpaceSeparated {

    private SpaceSeparated() {
    }

    public static List<String> read(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    public static String write(Collection<String> items) {
        return String.join(" ", items);
    }

    /** Reads a list from a column that may be NULL; NULL is the empty list. */
    public static List<String> readOrNone(String text) {
        return text == null ? List.of() : read(text);
    }
}
