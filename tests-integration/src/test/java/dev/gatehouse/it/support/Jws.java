package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.RsaKeys;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A signer of JSON Web Tokens by any algorithm of the field, good or bad, with the JDK alone (RFC 7518 §3, RFC 8037). */
public final class Jws {
    private static final byte[] MAC_KEY = new byte[32];
    private final String algorithm;
    private final KeyPair keys;

    private Jws(String algorithm, KeyPair keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    /** Creates a key, or for RSA takes one of {@link RsaKeys}. @param algorithm such as {@code ES256}, {@code PS384}, {@code EdDSA}, {@code HS256} or {@code none} */
    public static Jws fresh(String algorithm) {
        try {
            return new Jws(algorithm, keys(algorithm));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String algorithm() {
        return algorithm;
    }

    private static KeyPair keys(String algorithm) throws GeneralSecurityException {
        if (algorithm.startsWith("Ed")) {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        }
        if (algorithm.matches("[RP]S\\d+")) {
            return RsaKeys.pair(0);
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp" + bits(algorithm).replace("512", "521") + "r1"));
        return generator.generateKeyPair();
    }

    private static String bits(String algorithm) {
        return algorithm.matches(".*\\d{3}") ? algorithm.substring(algorithm.length() - 3) : "256";
    }

    /** The public key as a JSON Web Key. */
    public JsonObject publicKey() {
        if (keys.getPublic() instanceof RSAPublicKey rsa) {
            return new JsonObject().put("kty", "RSA").put("n", number(rsa.getModulus(), 0)).put("e", number(rsa.getPublicExponent(), 0));
        }
        if (keys.getPublic() instanceof ECPublicKey ec) {
            int size = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
            String curve = "P-" + bits(algorithm).replace("512", "521");
            return new JsonObject().put("kty", "EC").put("crv", curve).put("x", number(ec.getW().getAffineX(), size))
                .put("y", number(ec.getW().getAffineY(), size));
        }
        byte[] encoded = keys.getPublic().getEncoded();
        return new JsonObject().put("kty", "OKP").put("crv", "Ed25519")
            .put("x", SecretToken.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    }

    /** @param size in bytes, or 0 for as many as it takes */
    private static String number(BigInteger number, int size) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
        int length = Math.max(size, bytes.length - from);
        byte[] padded = new byte[length];
        System.arraycopy(bytes, from, padded, length - (bytes.length - from), bytes.length - from);
        return SecretToken.encode(padded);
    }

    /** Signs; the header gets {@code alg}. */
    public String sign(JsonObject header, JsonObject claims) {
        String signed = encode(header.copy().put("alg", algorithm)) + '.' + encode(claims);
        try {
            return signed + '.' + SecretToken.encode(signature(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signature(byte[] text) throws GeneralSecurityException {
        if (algorithm.equals("none")) {
            return new byte[0];
        }
        if (algorithm.startsWith("HS")) {
            Mac mac = Mac.getInstance("HmacSHA" + bits(algorithm));
            mac.init(new SecretKeySpec(MAC_KEY, "HMAC"));
            return mac.doFinal(text);
        }
        Signature signature = signature();
        signature.initSign(keys.getPrivate());
        signature.update(text);
        return signature.sign();
    }

    private Signature signature() throws GeneralSecurityException {
        String bits = bits(algorithm);
        if (algorithm.startsWith("Ed")) {
            return Signature.getInstance("Ed25519");
        }
        if (algorithm.startsWith("PS")) {
            Signature signature = Signature.getInstance("RSASSA-PSS");
            String hash = "SHA-" + bits;
            signature.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), Integer.parseInt(bits) / 8, 1));
            return signature;
        }
        return Signature.getInstance("SHA" + bits + (algorithm.startsWith("RS") ? "withRSA" : "withECDSAinP1363Format"));
    }

    private static String encode(JsonObject json) {
        return SecretToken.encode(json.encode().getBytes(StandardCharsets.UTF_8));
    }
}
