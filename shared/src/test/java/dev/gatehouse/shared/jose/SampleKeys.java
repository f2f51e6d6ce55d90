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

    private static SigningKey make(SigningAlgorithm algorithm) {
        try {
            JsonObject rsa = new JsonObject(RsaKeys.of(0).toJSONObject());
            return algorithm.curve() == null ? SigningKey.parse(rsa, algorithm) : SigningKey.generate(algorithm);
        } catch (JwtException e) {
            throw new IllegalStateException(e);
        }
    }

    static SigningKey of(SigningAlgorithm algorithm) {
        return KEYS.computeIfAbsent(algorithm, SampleKeys::make);
    }
}
