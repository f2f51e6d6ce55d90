package dev.gatehouse.shared.jose;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * EdDSA over Ed25519 (RFC 8032, RFC 8037) by the Java platform; the JOSE library would need another library for it. Keys are
 * converted by their DER form, which has a constant prefix (RFC 8410 §7).
 */
public final class Ed25519 {

    private static final String NAME = "Ed25519";
    private static final int KEY_BYTES = 32;
    private static final byte[] PUBLIC_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] PRIVATE_HEAD = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private Ed25519() {
    }

    static OctetKeyPair generate() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(NAME).generateKeyPair();
        return new OctetKeyPair.Builder(Curve.Ed25519, tail(pair.getPublic().getEncoded()))
            .d(tail(pair.getPrivate().getEncoded())).build();
    }

    static PublicKey publicKey(OctetKeyPair key) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePublic(
            new X509EncodedKeySpec(join(PUBLIC_HEAD, key.getDecodedX())));
    }

    /**
     * {@return the private key of a JWK}
     *
     * @param key a private JWK on the curve Ed25519
     * @throws GeneralSecurityException for a malformed key
     */
    public static PrivateKey privateKey(OctetKeyPair key) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE_HEAD, key.getDecodedD())));
    }

    static byte[] sign(OctetKeyPair key, byte[] input) throws GeneralSecurityException {
        return sign(privateKey(key), input);
    }

    /**
     * {@return the signature of an input}
     *
     * @param secret an Ed25519 key
     * @param input the signed bytes
     * @throws GeneralSecurityException for a key of another kind
     */
    public static byte[] sign(PrivateKey secret, byte[] input) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(NAME);
        signature.initSign(secret);
        signature.update(input);
        return signature.sign();
    }

    /** Returns false for a wrong or malformed signature. */
    static boolean verify(PublicKey key, byte[] input, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(NAME);
            signature.initVerify(key);
            signature.update(input);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Base64URL tail(byte[] encoded) {
        return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    }

    private static byte[] join(byte[] head, byte[] key) throws GeneralSecurityException {
        if (key.length != KEY_BYTES) {
            throw new GeneralSecurityException("An Ed25519 key has 32 bytes");
        }
        var joined = new ByteArrayOutputStream(head.length + KEY_BYTES);
        joined.writeBytes(head);
        joined.writeBytes(key);
        return joined.toByteArray();
    }
}
