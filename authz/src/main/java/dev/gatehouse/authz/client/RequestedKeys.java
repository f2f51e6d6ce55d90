package dev.gatehouse.authz.client;

import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of a client's JWK set. Keys that cannot be used are ignored (RFC 7517 §5). A set with a key that its owner has
 * to replace, and without one that can be used, is refused: the owner would not learn it otherwise.
 *
 * @param usable as they came
 * @param reasons why others are not; each follows the word jwks
 * @param isRefused whether no key is left, and one that was sent is secret or too weak
 */
record RequestedKeys(JsonArray usable, Set<String> reasons, boolean isRefused) {

    private static final int MOST = 20;
    private static final String TOO_WEAK = "holds " + VerificationKey.TOO_WEAK;
    private static final List<String> SECRET_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    /** @param sent null for no set */
    static RequestedKeys of(JsonArray sent) {
        JsonArray usable = new JsonArray();
        Set<String> reasons = new TreeSet<>();
        boolean alarming = false;
        for (Object entry : sent == null ? new JsonArray() : sent) {
            String reason = entry instanceof JsonObject key ? refusal(key) : "holds what is not a key";
            if (reason == null && usable.size() == MOST) {
                reason = "holds more than " + MOST + " keys";
            }
            if (reason == null) {
                usable.add(entry);
            } else {
                reasons.add(reason);
                alarming |= isSecret(entry) || reason.equals(TOO_WEAK);
            }
        }
        if (sent != null && sent.isEmpty()) {
            reasons.add("holds no key");
        }
        return new RequestedKeys(usable, reasons, usable.isEmpty() && alarming);
    }

    private static boolean isSecret(Object entry) {
        return entry instanceof JsonObject key && SECRET_MEMBERS.stream().anyMatch(key::containsKey);
    }

    private static String refusal(JsonObject key) {
        if (isSecret(key)) {
            return "holds a private or symmetric key, which is a secret no more: register the public one of a new key";
        }
        try {
            VerificationKey.parse(key);
            return null;
        } catch (JwtException unusable) {
            return "holds " + unusable.privateReason();
        }
    }
}
