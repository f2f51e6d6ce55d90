package dev.gatehouse.authz.key;

import dev.gatehouse.authz.key.SigningKeyStore.StoredKey;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.json.JsonObject;

/**
 * A loaded key.
 *
 * @param secret null if the key file cannot decrypt it; the key then only verifies
 */
record LoadedKey(StoredKey stored, VerificationKey verification, SigningKey secret) {

    boolean canSign() {
        return secret != null;
    }

    /** The public JWK, for the JWK set. */
    JsonObject publicJwk() {
        return new JsonObject(stored.publicJwk());
    }
}
