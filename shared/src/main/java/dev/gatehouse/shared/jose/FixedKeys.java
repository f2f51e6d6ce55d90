package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;

/** The keys of a JWK set that does not change (RFC 7517 §5). */
public final class FixedKeys implements KeySource {

    /** More keys than this an issuer does not have; what comes after is not read. */
    private static final int MOST_KEYS = 64;

    private final List<VerificationKey> keys;

    /** Exactly these keys. */
    public FixedKeys(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads a JWK set. Keys that we cannot use are left out, as RFC 7517 §5 asks: of other types, for encryption,
     * symmetric ones; and private ones, which are not secret any more.
     *
     * @throws JwtException when it is no JWK set
     */
    public static FixedKeys parse(JsonObject jwks) {
        if (!(jwks.getValue("keys") instanceof JsonArray entries)) {
            throw new JwtException("no JWK set");
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
                // Of a kind that we do not know, which is no fault.
            }
        }
    }

    /** How many keys can be used. */
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
