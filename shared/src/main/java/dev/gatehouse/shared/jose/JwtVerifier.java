package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * Checks header and signature of JWTs (RFC 8725). The arithmetic runs on worker threads, so that a flood of forgeries
 * does not hold up an event loop.
 */
public final class JwtVerifier {

    /** A JWT that names no key is tried against so many, each a computation that its sender orders. */
    private static final int MOST_TRIES = 4;

    private final Vertx vertx;

    public JwtVerifier(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Verifies a compact JWT.
     *
     * @param rules what its header must be like
     * @param keys where the key comes from
     * @return fails with {@link JwtException} when it is not acceptable, with {@link KeysUnavailableException} when
     *     the keys cannot be had
     */
    public Future<VerifiedJwt> verify(String text, JwtRules rules, KeySource keys) {
        return Future.succeededFuture(text).map(UnverifiedJwt::parse).compose(jwt -> verify(jwt, rules, keys));
    }

    /** Verifies a JWT that has been read already, to find out whose keys decide. */
    public Future<VerifiedJwt> verify(UnverifiedJwt jwt, JwtRules rules, KeySource keys) {
        return Future.succeededFuture(jwt).map(rules::require).compose(algorithm ->
            keys.candidates(jwt.kid(), algorithm).map(JwtVerifier::requireSome).compose(candidates ->
                vertx.executeBlocking(() -> firstThatVerifies(jwt, algorithm, candidates), false)));
    }

    /** Verifies a JWT by the key in its own header: it proves that the sender holds that key. */
    public Future<VerifiedJwt> verifyEmbedded(UnverifiedJwt jwt, JwtRules rules) {
        return verify(jwt, rules.withEmbeddedKey(), new EmbeddedKey(jwt));
    }

    private static VerifiedJwt firstThatVerifies(
            UnverifiedJwt jwt, SigningAlgorithm algorithm, List<VerificationKey> candidates) {
        byte[] input = jwt.signingInput();
        return candidates.stream().limit(MOST_TRIES).filter(key -> key.verifies(algorithm, input, jwt.signature())).findFirst()
            .map(key -> new VerifiedJwt(jwt.header(), jwt.claims(), key))
            .orElseThrow(() -> new JwtException("a signature that is not right"));
    }

    private static List<VerificationKey> requireSome(List<VerificationKey> candidates) {
        if (candidates.isEmpty()) {
            throw new JwtException("an unknown key");
        }
        return candidates;
    }

    /** The key that a JWT brings in its own header (RFC 7515 §4.1.3). */
    record EmbeddedKey(UnverifiedJwt jwt) implements KeySource {

        @Override
        public Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm) {
            if (!(jwt.header().getValue("jwk") instanceof JsonObject key)) {
                return Future.failedFuture(new JwtException("an embedded key that is none"));
            }
            return Future.succeededFuture(key).map(VerificationKey::parse).map(List::of);
        }
    }

    /**
     * A JWT whose signature and header have been checked. Its claims are what the holder of the key wrote; whether they are
     * meant for us, and still, is for {@link ClaimCheck}s.
     *
     * @param header the JOSE header
     * @param claims the JWT claims set
     * @param key the key that verified it
     */
    public record VerifiedJwt(JsonObject header, JsonObject claims, VerificationKey key) {

        /**
         * Holds the claims against a check.
         *
         * @return this
         * @throws JwtException when a check refuses them
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
