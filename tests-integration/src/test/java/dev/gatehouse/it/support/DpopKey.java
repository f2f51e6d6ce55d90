package dev.gatehouse.it.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/** A client's key, and proofs by it (RFC 9449 §4.2): right ones, and wrong ones by a change of header or claims. */
public final class DpopKey {
    private final ECKey key;
    private final PrivateKey secret;

    private DpopKey(ECKey key, PrivateKey secret) {
        this.key = key;
        this.secret = secret;
    }

    public static DpopKey fresh() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).generate();
            return new DpopKey(key, key.toECPrivateKey());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public JsonObject privateKey() {
        return new JsonObject(key.toJSONObject());
    }

    /** For a POST without an access token. */
    public String proof(String url) {
        return proof(url, header -> { }, claims -> { });
    }

    /** For a POST with an access token, and with a nonce unless that is null. */
    public String proof(String url, String token, String nonce) {
        return proof(url, header -> { }, claims -> {
            claims.put("ath", SecretToken.hash(token));
            if (nonce != null) {
                claims.put("nonce", nonce);
            }
        });
    }

    /** For a POST, with changes. */
    public String proof(String url, Consumer<JsonObject> header, Consumer<JsonObject> claims) {
        JsonObject head = new JsonObject().put("typ", "dpop+jwt").put("alg", "ES256")
            .put("jwk", new JsonObject(key.toPublicJWK().toJSONObject()));
        JsonObject body = new JsonObject().put("jti", UUID.randomUUID().toString()).put("htm", "POST").put("htu", url)
            .put("iat", Instant.now().getEpochSecond());
        header.accept(head);
        claims.accept(body);
        String signed = encode(head) + '.' + encode(body);
        return signed + '.' + sign(signed);
    }

    private static String encode(JsonObject json) {
        return SecretToken.encode(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private String sign(String text) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(secret);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return SecretToken.encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
