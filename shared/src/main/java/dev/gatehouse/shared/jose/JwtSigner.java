package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Makes signed JWTs (RFC 7519, compact JWS) with whichever key is in use now. */
public interface JwtSigner {

    /**
     * Signs claims, off the event loop.
     *
     * @param typ the header's {@code typ}, which keeps one kind of JWT from passing as another (RFC 8725 §3.11)
     * @param claims written as they are
     * @return the compact form, with {@code alg}, {@code kid} and {@code typ} in its header
     */
    Future<String> sign(String typ, JsonObject claims);
}
