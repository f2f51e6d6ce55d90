package dev.gatehouse.shared.jose;

import io.vertx.core.Future;

import java.util.List;

/** Where the keys of one issuer come from. */
public interface KeySource {

    /**
     * The keys that may have made a signature.
     *
     * @param kid the key that the JWT names, or null: then all that fit the algorithm
     * @return empty when there is no such key. Fails with {@link KeysUnavailableException} when it
     *     cannot be said
     */
    Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm);
}
