package dev.gatehouse.mcp.feature;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * A page of a list, and the cursor of the next (MCP, pagination). A cursor has the last member that was sent, so that changes before it have no
 * effect, and its position, in case that member itself is removed.
 *
 * @param next null on the last page
 */
record ListPage<T>(List<T> members, String next) {

    /** Members of one page. */
    static final int SIZE = 100;

    /**
     * The page behind a cursor.
     *
     * @param key    tells members apart
     * @param cursor as {@link #next} gave it, or null for the first page
     * @throws IllegalArgumentException if this is no cursor of ours
     */
    static <T> ListPage<T> of(List<T> all, Function<T, String> key, String cursor) {
        int from = cursor == null ? 0 : begin(all, key, cursor);
        int to = Math.min(all.size(), from + SIZE);
        String next = to == all.size() ? null : encode(to, key.apply(all.get(to - 1)));
        return new ListPage<>(List.copyOf(all.subList(from, to)), next);
    }

    private static <T> int begin(List<T> all, Function<T, String> key, String cursor) {
        String text = decode(cursor);
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("The cursor was not issued by this server");
        }
        int place = Math.min(parse(text.substring(0, colon)), all.size());
        String last = text.substring(colon + 1);
        if (place > 0 && key.apply(all.get(place - 1)).equals(last)) {
            return place;
        }
        for (int i = 0; i < all.size(); i++) {
            if (key.apply(all.get(i)).equals(last)) {
                return i + 1;
            }
        }
        return place;
    }

    private static int parse(String digits) {
        try {
            int place = Integer.parseInt(digits);
            if (place >= 0) {
                return place;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw new IllegalArgumentException("The cursor was not issued by this server");
    }

    private static String encode(int place, String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((place + ":" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The cursor was not issued by this server", e);
        }
    }
}
