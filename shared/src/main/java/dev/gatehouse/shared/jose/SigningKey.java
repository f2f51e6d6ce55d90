package dev.gatehouse.shared.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vertx.core.json.JsonObject;

import java.security.GeneralSecurityException;
import java.text.ParseException;

/** A private key with the one algorithm that it signs by. Its text form never shows the key. Any thread may use it. */
public final class SigningKey {

    /** RSA moduli of new keys, in bits (NIST SP 800-57: good beyond 2030). */
    private static final int RSA_BITS = 3_072;

    private final JWK key;
    private final String kid;
    private final SigningAlgorithm algorithm;
    private final JWSSigner signer;

    private SigningKey(JWK key, String kid, SigningAlgorithm algorithm) throws JOSEException {
        this.key = key;
        this.kid = kid;
        this.algorithm = algorithm;
        this.signer = signerFor(key);
    }

    /** Makes a new key, named by its thumbprint. Takes a second or more for RSA: never on an event loop. */
    public static SigningKey generate(SigningAlgorithm algorithm) {
        try {
            JWK key = newKey(algorithm);
            return new SigningKey(key, key.computeThumbprint().toString(), algorithm);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("No key could be made for " + algorithm.wireName(), e);
        }
    }

    private static JWK newKey(SigningAlgorithm algorithm) throws JOSEException, GeneralSecurityException {
        if (algorithm.curve() == null) {
            return new RSAKeyGenerator(RSA_BITS).generate();
        }
        return algorithm.curve().equals(SigningAlgorithm.EDDSA.curve())
            ? Ed25519.generate() : new ECKeyGenerator(algorithm.curve()).generate();
    }

    /**
     * Reads a private JWK.
     *
     * @param jwk the whole key; its {@code kid}, or else its thumbprint, names it
     * @throws JwtException when it is malformed, public only, or not for this algorithm
     */
    public static SigningKey parse(JsonObject jwk, SigningAlgorithm algorithm) {
        try {
            JWK key = JWK.parse(jwk.encode());
            if (!key.isPrivate() || !algorithm.fits(key)) {
                throw new JwtException("no private key for " + algorithm.wireName());
            }
            String kid = key.getKeyID() == null ? key.computeThumbprint().toString() : key.getKeyID();
            return new SigningKey(key, kid, algorithm);
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            throw new JwtException("a malformed private key");
        }
    }

    private static JWSSigner signerFor(JWK key) throws JOSEException {
        if (key instanceof ECKey ec) {
            return new ECDSASigner(ec);
        }
        return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : null;
    }

    public String kid() {
        return kid;
    }

    public SigningAlgorithm algorithm() {
        return algorithm;
    }

    /** The public half, as others may hold it. */
    public VerificationKey verificationKey() {
        return VerificationKey.parse(publicJwk());
    }

    /** The public JWK with {@code kid}, {@code alg} and {@code use}, as a JWK set publishes it. */
    public JsonObject publicJwk() {
        return new JsonObject(key.toPublicJWK().toJSONObject())
            .put("kid", kid).put("alg", algorithm.wireName()).put("use", "sig");
    }

    /** The private JWK: a secret, to be sealed before it is kept. */
    public JsonObject secretJwk() {
        return new JsonObject(key.toJSONObject());
    }

    byte[] sign(byte[] input) {
        try {
            return key instanceof OctetKeyPair pair ? Ed25519.sign(pair, input)
                : signer.sign(new JWSHeader(algorithm.jws()), input).decode();
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("A key that was tried does not sign", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + ", " + algorithm.wireName() + "]";
    }
}
