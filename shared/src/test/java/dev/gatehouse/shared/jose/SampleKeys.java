package dev.gatehouse.shared.jose;

import dev.gatehouse.fixtures.RsaKeys;
import io.vertx.core.json.JsonObject;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One key for each algorithm. Those of RSA share theirs, because generating one takes seconds. */
final class SampleKeys {

    private static final Map<SigningAlgorithm, SigningKey> KEYS = new ConcurrentHashMap<>();

    private SampleKeys() {
    }

    static SigningKey of(SigningAlgorithm algorithm) {
        return KEYS.computeIfAbsent(algorithm, SampleKeys::make);
    }

    private static SigningKey make(SigningAlgorithm algorithm) {
        return algorithm.curve() == null ? SigningKey.parse(new JsonObject(RsaKeys.of(0).toJSONObject()), algorithm) : SigningKey.generate(algorithm);
    }
}
