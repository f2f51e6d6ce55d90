package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.function.Function;

/** Signs JWTs (RFC 7519, compact JWS) with the active key. */
public interface JwtSigner {

    /**
     * Signs claims on a worker thread.
     *
     * @param typ the header's {@code typ}, which prevents confusion between kinds of JWT (RFC 8725 §3.11)
     * @param claims the complete claims set
     * @return the compact form, with {@code alg}, {@code kid} and {@code typ} in its header
     */
    default Future<String> sign(String typ, JsonObject claims) {
        return sign(typ, algorithm -> claims);
    }

    /**
     * Signs claims that depend on the algorithm of the active key.
     *
     * @param typ the type in the header
     * @param claims makes the claims
     * @return the compact JWT
     */
    Future<String> sign(String typ, Function<SigningAlgorithm, JsonObject> claims);
}
