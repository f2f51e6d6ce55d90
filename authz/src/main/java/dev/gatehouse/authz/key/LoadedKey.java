package dev.gatehouse.authz.key;

import dev.gatehouse.authz.key.SigningKeyStore.StoredKey;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.json.JsonObject;

/**
 * A key of the store, ready for use.
 *
 * @param secret null where the key file is not the one that sealed it: then it only verifies
 */
record LoadedKey(StoredKey stored, VerificationKey verification, SigningKey secret) {

    boolean canSign() {
        return secret != null;
    }

    /** As the JWK set publishes it. */
    JsonObject publicJwk() {
        return new JsonObject(stored.publicJwk());
    }
}
