package dev.gatehouse.shared.jose;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Signs with one key on a worker thread. */
public final class KeySigner implements JwtSigner {

    private final Vertx vertx;
    private final SigningKey key;

    /**
     * Creates a signer with one key.
     *
     * @param vertx the Vert.x instance
     * @param key the key
     */
    public KeySigner(Vertx vertx, SigningKey key) {
        this.vertx = vertx;
        this.key = key;
    }

    @Override
    public Future<String> sign(String typ, Function<SigningAlgorithm, JsonObject> claims) {
        JsonObject header = new JsonObject()
            .put("alg", key.algorithm().wireName()).put("kid", key.kid()).put("typ", typ);
        String input = encode(header) + "." + encode(claims.apply(key.algorithm()));
        return vertx.executeBlocking(() -> sign(input), false);
    }

    private String sign(String input) {
        return input + "." + SecretToken.encode(key.sign(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String encode(JsonObject part) {
        return SecretToken.encode(part.encode().getBytes(StandardCharsets.UTF_8));
    }
}
