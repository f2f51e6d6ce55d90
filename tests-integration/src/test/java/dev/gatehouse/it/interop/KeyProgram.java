package dev.gatehouse.it.interop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that acts for itself and has no secret: its operator added it with the public half of a key. */
final class KeyProgram {
    private final String id;
    private final ECKey key = newKey();

    KeyProgram(RunningGatehouse gatehouse) {
        id = Commands.addConfidentialClient(gatehouse, null, "--auth-method", "private_key_jwt",
            "--jwks", write(new JWKSet(key.toPublicJWK())).toString(), "--grant", "client_credentials").id();
    }

    /** The options with which a library acts as this program, and another key with the same name. */
    JsonObject settings() {
        return new JsonObject().put("program", new JsonObject().put("id", id).put("alg", "ES256").put("key", json(key))
            .put("strangersKey", json(newKey())));
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("program").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject json(ECKey key) {
        return new JsonObject(key.toJSONString());
    }

    private static Path write(JWKSet keys) {
        try {
            return Files.writeString(Product.scratch("keys").resolve("jwks.json"), keys.toString(true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
