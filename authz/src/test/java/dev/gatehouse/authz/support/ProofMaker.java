package dev.gatehouse.authz.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;

/** A client's key, and proofs by it: right ones, and wrong ones by a change of header or claims. */
public final class ProofMaker {

    private final ECKey key;
    private final Clock clock;

    public ProofMaker(Clock clock) {
        try {
            this.key = new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        this.clock = clock;
    }

    public JsonObject publicKey() {
        return new JsonObject(key.toPublicJWK().toJSONObject());
    }

    public JsonObject privateKey() {
        return new JsonObject(key.toJSONObject());
    }

    public String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String proof(String method, String url) {
        return proof(method, url, header -> { }, claims -> { });
    }

    public String proof(String method, String url, Consumer<JsonObject> header, Consumer<JsonObject> claims) {
        JsonObject head = new JsonObject().put("typ", "dpop+jwt").put("alg", "ES256").put("jwk", publicKey());
        JsonObject body = new JsonObject().put("jti", UUID.randomUUID().toString()).put("htm", method).put("htu", url)
            .put("iat", clock.millis() / 1000);
        header.accept(head);
        claims.accept(body);
        String signed = encode(head.encode()) + '.' + encode(body.encode());
        return signed + '.' + sign(signed);
    }

    private static String encode(String text) {
        return SecretToken.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private String sign(String text) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.toECPrivateKey());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return SecretToken.encode(signature.sign());
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
