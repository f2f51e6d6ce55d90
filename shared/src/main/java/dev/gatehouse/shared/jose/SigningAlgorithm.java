package dev.gatehouse.shared.jose;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The supported signature algorithms (RFC 7518 §3.1, RFC 8037, RFC 9864). All are asymmetric, so {@code none} and the HMAC
 * algorithms cannot be configured (RFC 8725 §2.1, §3.1).
 */
public enum SigningAlgorithm {
    /** ECDSA with P-256 and SHA-256 (RFC 7518 §3.4). */
    ES256("ES256", Curve.P_256),
    /** ECDSA with P-384 and SHA-384 (RFC 7518 §3.4). */
    ES384("ES384", Curve.P_384),
    /** ECDSA with P-521 and SHA-512 (RFC 7518 §3.4). */
    ES512("ES512", Curve.P_521),
    /** Ed25519 by its older name (RFC 8037 §3.1). */
    EDDSA("EdDSA", Curve.Ed25519),
    /** Ed25519 by its name of RFC 9864 §2.2. */
    ED25519("Ed25519", Curve.Ed25519),
    /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3). */
    RS256("RS256", null),
    /** RSASSA-PKCS1-v1_5 with SHA-384 (RFC 7518 §3.3). */
    RS384("RS384", null),
    /** RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518 §3.3). */
    RS512("RS512", null),
    /** RSASSA-PSS with SHA-256 (RFC 7518 §3.5). */
    PS256("PS256", null),
    /** RSASSA-PSS with SHA-384 (RFC 7518 §3.5). */
    PS384("PS384", null),
    /** RSASSA-PSS with SHA-512 (RFC 7518 §3.5). */
    PS512("PS512", null);

    static final int SMALLEST_RSA = 2_048;
    /** Larger keys would make a verification too expensive. */
    private static final int LARGEST_RSA = 8_192;

    private final String wireName;
    private final Curve curve;

    SigningAlgorithm(String wireName, Curve curve) {
        this.wireName = wireName;
        this.curve = curve;
    }

    /** {@return all supported algorithms} */
    public static Set<SigningAlgorithm> all() {
        return EnumSet.allOf(SigningAlgorithm.class);
    }

    /**
     * {@return the algorithm with this {@code alg} value, compared exactly (RFC 7515 §4.1.1)}
     *
     * @param wireName the {@code alg} value
     */
    public static Optional<SigningAlgorithm> named(String wireName) {
        return Arrays.stream(values()).filter(algorithm -> algorithm.wireName.equals(wireName)).findFirst();
    }

    /** {@return the value of {@code alg}} */
    public String wireName() {
        return wireName;
    }

    JWSAlgorithm jws() {
        return JWSAlgorithm.parse(wireName);
    }

    Curve curve() {
        return curve;
    }

    /** Returns whether a key has the type, curve and size for this algorithm and is not declared for another one. */
    boolean fits(JWK key) {
        return ofRightType(key) && (key.getAlgorithm() == null || isNamed(key.getAlgorithm().getName()));
    }

    private boolean ofRightType(JWK key) {
        if (key instanceof RSAKey) {
            return curve == null && key.size() >= SMALLEST_RSA && key.size() <= LARGEST_RSA;
        }
        return key instanceof ECKey ec && ec.getCurve().equals(curve)
            || key instanceof OctetKeyPair pair && pair.getCurve().equals(curve);
    }

    /** RFC 9864 defines a second name for EdDSA over Ed25519. */
    private boolean isNamed(String declared) {
        return wireName.equals(declared) || curve == Curve.Ed25519
            && (declared.equals(EDDSA.wireName) || declared.equals(ED25519.wireName));
    }
}
