package dev.gatehouse.shared.jose;

import io.vertx.core.Future;

import java.util.List;

/** Provides the verification keys of one issuer. */
public interface KeySource {

    /**
     * Returns the keys that may have made a signature.
     *
     * @param kid the {@code kid} of the JWT; null for all keys that fit the algorithm
     * @param algorithm the algorithm of the JWT
     * @return empty if there is no such key; fails with {@link KeysUnavailableException} if the keys cannot be fetched
     */
    Future<List<VerificationKey>> candidates(String kid, SigningAlgorithm algorithm);

    /** The verification keys cannot be fetched now. The JWT is neither valid nor invalid, and its sender is not at fault. */
    final class KeysUnavailableException extends RuntimeException {

        /**
         * Creates the exception.
         *
         * @param message the reason for the log
         * @param cause the failure of the fetch
         */
        public KeysUnavailableException(String message, Throwable cause) {
            super(message, cause, false, false);
        }
    }
}
