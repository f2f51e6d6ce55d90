package dev.gatehouse.shared.jose;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One key for each algorithm: to generate one for RSA takes seconds. */
final class SampleKeys {

    private static final Map<SigningAlgorithm, SigningKey> KEYS = new ConcurrentHashMap<>();

    private SampleKeys() {
    }

    static SigningKey of(SigningAlgorithm algorithm) {
        return KEYS.computeIfAbsent(algorithm, SigningKey::generate);
    }
}
