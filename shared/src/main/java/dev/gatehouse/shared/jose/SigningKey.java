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

/** A private key with its algorithm. {@code toString} never shows the key. Thread-safe. */
public final class SigningKey {

    /** The size of new RSA keys in bits (NIST SP 800-57: acceptable beyond 2030). */
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

    /**
     * Generates a key with its thumbprint as {@code kid}. An RSA key takes a second or more: never call this on an event loop.
     *
     * @param algorithm the algorithm
     * @return the key
     */
    public static SigningKey generate(SigningAlgorithm algorithm) {
        try {
            JWK key = newKey(algorithm);
            return new SigningKey(key, key.computeThumbprint().toString(), algorithm);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("Cannot generate a key for " + algorithm.wireName(), e);
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
     * Parses a private JWK.
     *
     * @param jwk the private key; if it has no {@code kid}, its thumbprint is used
     * @param algorithm the algorithm that the key signs with
     * @return the key
     * @throws JwtException if it is malformed, has no private part, or does not fit the algorithm
     */
    public static SigningKey parse(JsonObject jwk, SigningAlgorithm algorithm) {
        try {
            JWK key = JWK.parse(jwk.encode());
            if (!key.isPrivate() || !algorithm.fits(key)) {
                throw new JwtException("not a private key for " + algorithm.wireName());
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

    /** {@return the {@code kid}} */
    public String kid() {
        return kid;
    }

    /** {@return the algorithm that the key signs with} */
    public SigningAlgorithm algorithm() {
        return algorithm;
    }

    /** {@return the public key} */
    public VerificationKey verificationKey() {
        return VerificationKey.parse(publicJwk());
    }

    /** {@return the public JWK with {@code kid}, {@code alg} and {@code use}, for the JWK set} */
    public JsonObject publicJwk() {
        return new JsonObject(key.toPublicJWK().toJSONObject())
            .put("kid", kid).put("alg", algorithm.wireName()).put("use", "sig");
    }

    /** {@return the private JWK} It is a secret and must be encrypted before it is stored. */
    public JsonObject secretJwk() {
        return new JsonObject(key.toJSONObject());
    }

    byte[] sign(byte[] input) {
        try {
            return key instanceof OctetKeyPair pair ? Ed25519.sign(pair, input)
                : signer.sign(new JWSHeader(algorithm.jws()), input).decode();
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("A signature failed with a key that was tested", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + ", " + algorithm.wireName() + "]";
    }
}
