package dev.gatehouse.client.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.shared.jose.Ed25519;
import dev.gatehouse.shared.secret.SecretToken;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** The private key of a client that authenticates by {@code private_key_jwt} (RFC 7523 §2.2): EC, RSA or Ed25519. Its text form does not show it. */
final class AssertionKey {

    private static final long LIFETIME_SECONDS = 60;
    private static final int ID_BYTES = 16;

    private final JWSSigner signer;
    private final JWSAlgorithm algorithm;
    private final String kid;

    private AssertionKey(PrivateKey key, JWSAlgorithm algorithm, String kid) throws JOSEException {
        this.algorithm = algorithm == null ? defaultAlgorithm(key) : algorithm;
        this.kid = kid;
        this.signer = key instanceof EdECPrivateKey ? new EdSigner(key) : key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
    }

    /** Signs by Ed25519 of the Java platform (RFC 8037 §3.1, RFC 9864 §2.2). */
    private record EdSigner(PrivateKey key) implements JWSSigner {

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                return Base64URL.encode(Ed25519.sign(key, input));
            } catch (GeneralSecurityException e) {
                throw new JOSEException(e.getMessage(), e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }
    }

    /**
     * Reads a private JWK, or a PEM file of PKCS#8 ({@code BEGIN PRIVATE KEY}).
     *
     * @param algorithm name of the JWS algorithm, or null for the one that the key says, or that is usual for it
     */
    static AssertionKey parse(String text, String algorithm) {
        try {
            JWSAlgorithm named = algorithm == null ? null : JWSAlgorithm.parse(algorithm);
            if (text.strip().startsWith("{")) {
                JWK jwk = JWK.parse(text);
                if (!(jwk instanceof AsymmetricJWK asymmetric) || !jwk.isPrivate()) {
                    throw OAuthFailure.protocol("The private key of the client is not a private EC, RSA or Ed25519 key.");
                }
                JWSAlgorithm own = jwk.getAlgorithm() == null ? null : JWSAlgorithm.parse(jwk.getAlgorithm().getName());
                return new AssertionKey(privateKey(asymmetric), named == null ? own : named, jwk.getKeyID());
            }
            return new AssertionKey(fromPem(text), named, null);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            throw OAuthFailure.protocol("The private key of the client cannot be read: neither a JWK nor PKCS#8 in PEM, of EC, RSA or Ed25519.");
        }
    }

    private static PrivateKey privateKey(AsymmetricJWK jwk) throws JOSEException, GeneralSecurityException {
        return jwk instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve()) ? Ed25519.privateKey(pair) : jwk.toPrivateKey();
    }

    private static PrivateKey fromPem(String text) throws GeneralSecurityException {
        KeySpec key = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")));
        for (String kind : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(key);
            } catch (InvalidKeySpecException another) {
                continue;
            }
        }
        throw new InvalidKeySpecException();
    }

    private static JWSAlgorithm defaultAlgorithm(PrivateKey key) throws JOSEException {
        if (key instanceof EdECPrivateKey) {
            return JWSAlgorithm.EdDSA;
        }
        if (!(key instanceof ECPrivateKey ec)) {
            return JWSAlgorithm.RS256;
        }
        Curve curve = Curve.forECParameterSpec(ec.getParams());
        return Curve.P_521.equals(curve) ? JWSAlgorithm.ES512 : Curve.P_384.equals(curve) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES256;
    }

    /** A new assertion for one token request. */
    String assertion(String clientId, String audience, Instant now) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder().issuer(clientId).subject(clientId).audience(audience)
            .jwtID(SecretToken.encode(SecretToken.randomBytes(ID_BYTES))).issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(LIFETIME_SECONDS))).build();
        try {
            SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (JOSEException e) {
            throw OAuthFailure.protocol("The private key of the client does not sign by " + algorithm + ".");
        }
    }

    @Override
    public String toString() {
        return "AssertionKey[" + algorithm + "]";
    }
}
