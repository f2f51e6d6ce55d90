package dev.gatehouse.shared.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.vertx.core.json.JsonObject;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.Set;

/** A public key for verification, parsed from a JWK (RFC 7517). Thread-safe. */
public final class VerificationKey {

    /** The reason for a key that is too weak; its owner must replace it. */
    public static final String TOO_WEAK = "an RSA key of less than 2048 bits";

    private final JWK key;
    private final JWSVerifier verifier;

    private VerificationKey(JWK key, JWSVerifier verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /**
     * Parses a public JWK.
     *
     * @param jwk the public JWK
     * @return the key
     * @throws JwtException if it is malformed, symmetric, private, for encryption, or has a type, curve, size or algorithm that is
     *     not supported
     */
    public static VerificationKey parse(JsonObject jwk) {
        try {
            JWK key = JWK.parse(jwk.encode());
            if (key.isPrivate()) {
                throw new JwtException("a private or symmetric key instead of a public key");
            }
            return of(key).requireUsed();
        } catch (ParseException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new JwtException("a malformed key");
        }
    }

    private VerificationKey requireUsed() {
        if (key instanceof RSAKey && key.size() < SigningAlgorithm.SMALLEST_RSA) {
            throw new JwtException(TOO_WEAK);
        }
        if (SigningAlgorithm.all().stream().noneMatch(this::fits)) {
            throw new JwtException("a key of an unsupported size, curve or algorithm");
        }
        return this;
    }

    static VerificationKey of(JWK key) {
        if (isForEncryption(key)) {
            throw new JwtException("a key for encryption");
        }
        try {
            return new VerificationKey(key, verifierFor(key));
        } catch (JOSEException | GeneralSecurityException e) {
            throw new JwtException("a key that cannot be used");
        }
    }

    private static boolean isForEncryption(JWK key) {
        Set<KeyOperation> operations = key.getKeyOperations();
        return KeyUse.ENCRYPTION.equals(key.getKeyUse()) || operations != null && !operations.isEmpty()
            && !operations.contains(KeyOperation.VERIFY) && !operations.contains(KeyOperation.SIGN);
    }

    private static JWSVerifier verifierFor(JWK key) throws JOSEException, GeneralSecurityException {
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec);
        }
        if (key instanceof RSAKey rsa) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof OctetKeyPair pair && pair.getCurve().equals(SigningAlgorithm.EDDSA.curve())) {
            Ed25519.publicKey(pair);
            return null;
        }
        throw new JwtException("a key of an unsupported type");
    }

    /** {@return the {@code kid}, or null} */
    public String kid() {
        return key.getKeyID();
    }

    /** {@return the SHA-256 thumbprint in base64url (RFC 7638): 43 characters} */
    public String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * {@return whether the key fits this algorithm and is not declared for another one}
     *
     * @param algorithm the algorithm
     */
    public boolean fits(SigningAlgorithm algorithm) {
        return algorithm.fits(key);
    }

    /** {@return the JWK, with public members only} */
    public JsonObject toJson() {
        return new JsonObject(key.toPublicJWK().toJSONObject());
    }

    boolean verifies(SigningAlgorithm algorithm, byte[] input, byte[] signature) {
        if (!fits(algorithm)) {
            return false;
        }
        try {
            if (key instanceof OctetKeyPair pair) {
                PublicKey publicKey = Ed25519.publicKey(pair);
                return Ed25519.verify(publicKey, input, signature);
            }
            return verifier.verify(new JWSHeader(algorithm.jws()), input, Base64URL.encode(signature));
        } catch (JOSEException | GeneralSecurityException e) {
            return false;
        }
    }
}
