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
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.shared.secret.SecretToken;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** The private key of a client that authenticates by {@code private_key_jwt} (RFC 7523 §2.2): EC or RSA. Its text form does not show it. */
final class AssertionKey {

    private static final long LIFETIME_SECONDS = 60;
    private static final int ID_BYTES = 16;

    private final JWSSigner signer;
    private final JWSAlgorithm algorithm;
    private final String kid;

    private AssertionKey(PrivateKey key, JWSAlgorithm algorithm, String kid) throws JOSEException {
        this.algorithm = algorithm == null ? defaultAlgorithm(key) : algorithm;
        this.kid = kid;
        this.signer = key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
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
                    throw OAuthFailure.protocol("The private key of the client is not a private EC or RSA key.");
                }
                JWSAlgorithm own = jwk.getAlgorithm() == null ? null : JWSAlgorithm.parse(jwk.getAlgorithm().getName());
                return new AssertionKey(asymmetric.toPrivateKey(), named == null ? own : named, jwk.getKeyID());
            }
            return new AssertionKey(fromPem(text), named, null);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            throw OAuthFailure.protocol("The private key of the client cannot be read: neither a JWK nor PKCS#8 in PEM, of EC or RSA.");
        }
    }

    private static PrivateKey fromPem(String text) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""));
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException notElliptic) {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        }
    }

    private static JWSAlgorithm defaultAlgorithm(PrivateKey key) throws JOSEException {
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
