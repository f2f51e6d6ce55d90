package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;

/** A constant set of keys (RFC 7517 §5). */
public final class FixedKeys implements KeySource {

    /** Keys after this number are ignored. */
    private static final int MOST_KEYS = 64;

    private final List<VerificationKey> keys;

    /**
     * Creates a source of these keys.
     *
     * @param keys the keys
     */
    public FixedKeys(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Parses a JWK set. Keys that cannot be used are ignored (RFC 7517 §5): other types, keys for encryption, symmetric keys,
     * and private keys, which are compromised once published.
     *
     * @param jwks the JWK set
     * @return a source of its usable keys
     * @throws JwtException if it is not a JWK set
     */
    public static FixedKeys parse(JsonObject jwks) {
        if (!(jwks.getValue("keys") instanceof JsonArray entries)) {
            throw new JwtException("not a JWK set");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (int i = 0; i < Math.min(entries.size(), MOST_KEYS); i++) {
            addIfUsable(entries.getValue(i), keys);
        }
        return new FixedKeys(keys);
    }

    private static void addIfUsable(Object entry, List<VerificationKey> keys) {
        if (entry instanceof JsonObject key) {
            try {
                keys.add(VerificationKey.parse(key));
            } catch (JwtException e) {
                // RFC 7517 §5: ignore keys that are not understood.
            }
        }
    }

    /** {@return the number of usable keys} */
    public int size() {
        return keys.size();
    }

    boolean has(String kid) {
        return keys.stream().anyMatch(key -> kid.equals(key.kid()));
    }

    @Override
    public Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm) {
        return Future.succeededFuture(keys.stream()
            .filter(key -> kid == null || kid.equals(key.kid()))
            .filter(key -> key.fits(algorithm)).toList());
    }
}
