package dev.gatehouse.shared.jose;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;

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
