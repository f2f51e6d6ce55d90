package dev.gatehouse.authz.assertion;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the claims of an assertion must say: for each claim its accepted values, compared exactly. */
record ClaimConditions(Map<String, List<String>> accepted) {

    public ClaimConditions {
        accepted = Map.copyOf(accepted);
    }

    /**
     * Reads what a schema cannot describe well.
     *
     * @param json for each claim one text or an array of texts
     * @throws StartupException naming the claim whose value is neither
     */
    static ClaimConditions of(JsonObject json) {
        Map<String, List<String>> accepted = new LinkedHashMap<>();
        json.forEach(entry -> accepted.put(entry.getKey(), texts(entry.getKey(), entry.getValue())));
        return new ClaimConditions(accepted);
    }

    private static List<String> texts(String claim, Object value) {
        List<?> texts = value instanceof JsonArray several ? several.stream().toList() : value == null ? List.of() : List.of(value);
        if (texts.isEmpty() || !texts.stream().allMatch(String.class::isInstance)) {
            throw new StartupException("assertions: the condition on the claim " + claim + " is neither a text nor an array of texts");
        }
        return texts.stream().map(String.class::cast).toList();
    }

    /** Whether there is a condition on this claim. */
    public boolean name(String claim) {
        return accepted.containsKey(claim);
    }

    /** Whether each named claim is there and is, or as an array has, one of its accepted values. */
    public boolean meets(JsonObject claims) {
        return accepted.entrySet().stream().allMatch(entry -> meets(claims.getValue(entry.getKey()), entry.getValue()));
    }

    private static boolean meets(Object value, List<String> accepted) {
        return value instanceof JsonArray several ? several.stream().anyMatch(accepted::contains)
            : value instanceof String text && accepted.contains(text);
    }
}
