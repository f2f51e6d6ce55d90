package dev.gatehouse.shared.jose;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.OptionalLong;

/** Reads registered claims by their types (RFC 7519 §4.1). A claim of the wrong type is a {@link JwtException}. */
public final class Claims {

    private static final long LAST_SECOND = Long.MAX_VALUE / 1_000;

    private Claims() {
    }

    /**
     * {@return a string that is required and not empty}
     *
     * @param claims the claims
     * @param name the name of the claim
     */
    public static String text(JsonObject claims, String name) {
        String text = optionalText(claims, name);
        if (text == null || text.isEmpty()) {
            throw new JwtException("no " + name);
        }
        return text;
    }

    /**
     * {@return a string, or null if the claim is absent}
     *
     * @param claims the claims
     * @param name the name of the claim
     */
    public static String optionalText(JsonObject claims, String name) {
        Object value = claims.getValue(name);
        if (value == null && !claims.containsKey(name)) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new JwtException(name + " is not a string");
    }

    /**
     * {@return {@code aud} as a list; empty if absent} RFC 7519 §4.1.3 allows one string or an array of strings.
     *
     * @param claims the claims
     */
    public static List<String> audience(JsonObject claims) {
        Object value = claims.getValue("aud");
        if (value == null) {
            return List.of();
        }
        if (value instanceof String one) {
            return List.of(one);
        }
        if (value instanceof JsonArray several && several.stream().allMatch(String.class::isInstance)) {
            return several.stream().map(String.class::cast).toList();
        }
        throw new JwtException("aud is not a string");
    }

    /**
     * {@return a NumericDate (RFC 7519 §2) in epoch milliseconds; empty if the claim is absent}
     *
     * @param claims the claims
     * @param name the name of the claim
     */
    public static OptionalLong time(JsonObject claims, String name) {
        if (!claims.containsKey(name)) {
            return OptionalLong.empty();
        }
        if (!(claims.getValue(name) instanceof Number number) || !(Math.abs(number.doubleValue()) < LAST_SECOND)) {
            throw new JwtException(name + " is not a NumericDate");
        }
        return OptionalLong.of((long) (number.doubleValue() * 1_000));
    }
}
