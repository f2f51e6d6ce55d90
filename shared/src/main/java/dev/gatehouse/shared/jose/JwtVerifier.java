package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * Verifies the header and the signature of JWTs (RFC 8725). The signature is checked on a worker thread, so that a flood of
 * forged tokens does not block an event loop.
 */
public final class JwtVerifier {

    /** The most keys to try for a JWT without {@code kid}; bounds the work that a sender can cause. */
    private static final int MOST_TRIES = 4;

    private final Vertx vertx;

    /**
     * Creates a verifier.
     *
     * @param vertx the Vert.x instance
     */
    public JwtVerifier(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Verifies a compact JWT.
     *
     * @param text the compact JWT
     * @param rules the requirements on its header
     * @param keys the source of the keys
     * @return fails with {@link JwtException} if the JWT is not valid, with {@link KeySource.KeysUnavailableException} if the keys
     *     cannot be fetched
     */
    public Future<VerifiedJwt> verify(String text, JwtRules rules, KeySource keys) {
        return Future.succeededFuture(text).map(UnverifiedJwt::parse).compose(jwt -> verify(jwt, rules, keys));
    }

    /**
     * Verifies a JWT that was parsed before, in order to select its key source.
     *
     * @param jwt the parsed JWT
     * @param rules the requirements on its header
     * @param keys the source of the keys
     * @return fails as {@link #verify(String, JwtRules, KeySource)}
     */
    public Future<VerifiedJwt> verify(UnverifiedJwt jwt, JwtRules rules, KeySource keys) {
        return Future.succeededFuture(jwt).map(rules::require).compose(algorithm ->
            keys.candidates(jwt.kid(), algorithm).map(JwtVerifier::requireSome).compose(candidates ->
                vertx.executeBlocking(() -> firstThatVerifies(jwt, algorithm, candidates), false)));
    }

    /**
     * Verifies a JWT with the key in its header, as proof of possession of that key.
     *
     * @param jwt the parsed JWT
     * @param rules the requirements on its header
     * @return fails with {@link JwtException} if the JWT is not valid
     */
    public Future<VerifiedJwt> verifyEmbedded(UnverifiedJwt jwt, JwtRules rules) {
        return verify(jwt, rules.withEmbeddedKey(), new EmbeddedKey(jwt));
    }

    private static VerifiedJwt firstThatVerifies(
            UnverifiedJwt jwt, SigningAlgorithm algorithm, List<VerificationKey> candidates) {
        byte[] input = jwt.signingInput();
        return candidates.stream().limit(MOST_TRIES).filter(key -> key.verifies(algorithm, input, jwt.signature())).findFirst()
            .map(key -> new VerifiedJwt(jwt.header(), jwt.claims(), key))
            .orElseThrow(() -> new JwtException("a wrong signature"));
    }

    private static List<VerificationKey> requireSome(List<VerificationKey> candidates) {
        if (candidates.isEmpty()) {
            throw new JwtException("an unknown key");
        }
        return candidates;
    }

    /** The key in the header of a JWT (RFC 7515 §4.1.3). */
    record EmbeddedKey(UnverifiedJwt jwt) implements KeySource {

        @Override
        public Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm) {
            if (!(jwt.header().getValue("jwk") instanceof JsonObject key)) {
                return Future.failedFuture(new JwtException("a malformed embedded key"));
            }
            return Future.succeededFuture(key).map(VerificationKey::parse).map(List::of);
        }
    }

    /**
     * A JWT with a verified signature and header. The claims still need {@link ClaimCheck}s, for example of the audience and the
     * times.
     *
     * @param header the JOSE header
     * @param claims the JWT claims set
     * @param key the key that verified it
     */
    public record VerifiedJwt(JsonObject header, JsonObject claims, VerificationKey key) {

        /**
         * Checks the claims.
         *
         * @param check the check
         * @return this
         * @throws JwtException if the check fails
         */
        public VerifiedJwt require(ClaimCheck check) {
            check.check(claims);
            return this;
        }

        @Override
        public String toString() {
            return "VerifiedJwt[…]";
        }
    }
}
