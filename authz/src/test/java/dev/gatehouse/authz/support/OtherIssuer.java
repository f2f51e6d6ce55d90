package dev.gatehouse.authz.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;

/** Another issuer of assertions. Tests change the header or the claims to make them invalid. */
public final class OtherIssuer {

    public static final String ID_JAG = "oauth-id-jag+jwt";

    private final String name;
    private final ECKey key;
    private final Clock clock;

    public OtherIssuer(String name, Clock clock) {
        try {
            this.key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        this.name = name;
        this.clock = clock;
    }

    public String name() {
        return name;
    }

    public JsonObject jwks() {
        return new JsonObject().put("keys", new JsonArray().add(new JsonObject(key.toPublicJWK().toJSONObject())));
    }

    /** As a configuration trusts it. */
    public JsonObject trusted() {
        return new JsonObject().put("issuer", name).put("jwks", jwks());
    }

    /** An assertion of a workload platform about its software. */
    public String workload(String audience, String subject, Consumer<JsonObject> changes) {
        return make("JWT", claims(audience, subject), changes);
    }

    /** An assertion of an identity provider about a user. */
    public String idJag(String audience, String subject, String clientId, Consumer<JsonObject> changes) {
        return make(ID_JAG, claims(audience, subject).put("client_id", clientId), changes);
    }

    private JsonObject claims(String audience, String subject) {
        long now = clock.millis() / 1000;
        return new JsonObject().put("iss", name).put("sub", subject).put("aud", audience).put("iat", now).put("exp", now + 300)
            .put("jti", UUID.randomUUID().toString());
    }

    private String make(String typ, JsonObject claims, Consumer<JsonObject> changes) {
        changes.accept(claims);
        return sign(new JsonObject().put("typ", typ), claims.encode());
    }

    /** A JWT with any header and any text as its claims. */
    public String sign(JsonObject header, String claims) {
        String head = new JsonObject().put("alg", "ES256").put("kid", "k1").mergeIn(header).encode();
        String signed = encode(head) + '.' + encode(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.toECPrivateKey());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + '.' + SecretToken.encode(signature.sign());
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return SecretToken.encode(text.getBytes(StandardCharsets.UTF_8));
    }
}
