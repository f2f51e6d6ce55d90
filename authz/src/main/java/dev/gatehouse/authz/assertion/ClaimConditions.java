package dev.gatehouse.authz.assertion;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;

/** Conditions on the claims of an assertion: the accepted values of each claim, compared exactly. */
record ClaimConditions(Map<String, List<String>> accepted) {

    static final ClaimConditions NONE = new ClaimConditions(Map.of());

    public ClaimConditions {
        accepted = Map.copyOf(accepted);
    }

    /** Returns true if there is a condition on this claim. */
    public boolean name(String claim) {
        return accepted.containsKey(claim);
    }

    /** Returns true if each named claim is, or as an array contains, one of its accepted values. */
    public boolean meets(JsonObject claims) {
        return accepted.entrySet().stream().allMatch(entry -> meets(claims.getValue(entry.getKey()), entry.getValue()));
    }

    private static boolean meets(Object value, List<String> accepted) {
        return value instanceof JsonArray several ? several.stream().anyMatch(accepted::contains)
            : value instanceof String text && accepted.contains(text);
    }
}
