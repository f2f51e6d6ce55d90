package dev.gatehouse.client.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A key of this client to which access tokens are bound, with the nonces that servers gave for it (RFC 9449). */
public final class DpopKey {

    static final String ALGORITHM = "ES256";
    private static final int ID_BYTES = 16;

    private final ECKey key;
    private final Map<String, String> nonces = new ConcurrentHashMap<>();

    private DpopKey(ECKey key) {
        this.key = key;
    }

    public static DpopKey generate() {
        try {
            return new DpopKey(new ECKeyGenerator(Curve.P_256).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform has P-256", e);
        }
    }

    /** Reads what {@link #secretJwk} gave. */
    public static DpopKey parse(JsonObject jwk) {
        try {
            return new DpopKey(ECKey.parse(jwk.encode()));
        } catch (ParseException e) {
            throw OAuthFailure.protocol("The stored DPoP key cannot be read.");
        }
    }

    /** The private key: a secret. */
    public JsonObject secretJwk() {
        return new JsonObject(key.toJSONObject());
    }

    /** The RFC 7638 thumbprint by which tokens name this key. */
    public String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Returns the request with a proof of its own. @param accessToken that the request carries, or null at the token endpoint */
    HttpCall prove(HttpCall call, String accessToken, Instant now) {
        URI url = call.url();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().jwtID(SecretToken.encode(SecretToken.randomBytes(ID_BYTES)))
            .claim("htm", call.method().name()).claim("htu", SecureUrl.origin(url) + (url.getRawPath().isEmpty() ? "/" : url.getRawPath()))
            .issueTime(Date.from(now));
        String nonce = nonces.get(SecureUrl.origin(url));
        if (nonce != null) {
            claims.claim("nonce", nonce);
        }
        if (accessToken != null) {
            claims.claim("ath", SecretToken.encode(SecretToken.sha256(accessToken.getBytes(StandardCharsets.US_ASCII))));
        }
        return call.with("DPoP", sign(claims.build()));
    }

    private String sign(JWTClaimsSet claims) {
        try {
            SignedJWT proof = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK()).build(), claims);
            proof.sign(new ECDSASigner(key));
            return proof.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("A P-256 key signs by ES256", e);
        }
    }

    /** Keeps the nonce of an answer for the next request to its origin (RFC 9449 §8.2). Returns whether there is a new one. */
    boolean takeNonce(URI url, MultiMap headers) {
        String nonce = headers.get("DPoP-Nonce");
        return nonce != null && !nonce.equals(nonces.put(SecureUrl.origin(url), nonce));
    }

    @Override
    public String toString() {
        return "DpopKey[" + ALGORITHM + "]";
    }
}
