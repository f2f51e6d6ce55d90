package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.function.Function;

/** Makes signed JWTs (RFC 7519, compact JWS) with whichever key is in use now. */
public interface JwtSigner {

    /**
     * Signs claims, off the event loop.
     *
     * @param typ the header's {@code typ}, which keeps one kind of JWT from passing as another (RFC 8725 §3.11)
     * @param claims written as they are
     * @return the compact form, with {@code alg}, {@code kid} and {@code typ} in its header
     */
    default Future<String> sign(String typ, JsonObject claims) {
        return sign(typ, algorithm -> claims);
    }

    /** As {@link #sign(String, JsonObject)}, for claims that depend on the algorithm of the key in use. */
    Future<String> sign(String typ, Function<SigningAlgorithm, JsonObject> claims);
}
