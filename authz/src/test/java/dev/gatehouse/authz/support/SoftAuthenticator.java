package dev.gatehouse.authz.support;

import dev.gatehouse.fixtures.Page;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;

/** An authenticator with one passkey (WebAuthn §6) and the browser in front of it. Its fields say what is wrong with the next answer. */
public final class SoftAuthenticator {

    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    private final KeyPair keys;
    private final byte[] id = SecretToken.randomBytes(32);
    private long count = 1;
    public String origin;
    public boolean verifies = true;
    public boolean counts = true;

    public SoftAuthenticator(String origin) {
        this.origin = origin;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public String id() {
        return SecretToken.encode(id);
    }

    /** The credential that {@code navigator.credentials.create} returns for the options of a page. */
    public String create(Page page) {
        JsonObject options = new JsonObject(page.document().selectFirst("form#passkey").attr("data-create"));
        byte[] data = authenticatorData(options.getJsonObject("rp").getString("id"), PRESENT | ATTESTED, true);
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.writeBytes(new byte[] {(byte) 0xa3, 0x63, 'f', 'm', 't', 0x64, 'n', 'o', 'n', 'e', 0x67, 'a', 't', 't', 'S', 't', 'm', 't', (byte) 0xa0, 0x68});
        object.writeBytes("authData".getBytes(StandardCharsets.US_ASCII));
        object.writeBytes(ByteBuffer.allocate(3).put((byte) 0x59).putShort((short) data.length).array());
        object.writeBytes(data);
        return credential(new JsonObject().put("clientDataJSON", SecretToken.encode(clientData("webauthn.create", options)))
            .put("attestationObject", SecretToken.encode(object.toByteArray())));
    }

    /** The credential that {@code navigator.credentials.get} returns for the options of a page. */
    public String get(Page page) {
        JsonObject options = new JsonObject(page.document().selectFirst("form#passkey").attr("data-get"));
        byte[] client = clientData("webauthn.get", options);
        byte[] data = authenticatorData(options.getString("rpId"), PRESENT, false);
        return credential(new JsonObject().put("clientDataJSON", SecretToken.encode(client)).put("authenticatorData", SecretToken.encode(data))
            .put("signature", SecretToken.encode(sign(ByteBuffer.allocate(data.length + 32).put(data).put(SecretToken.sha256(client)).array()))));
    }

    private String credential(JsonObject response) {
        return new JsonObject().put("id", id()).put("rawId", id()).put("type", "public-key").put("response", response)
            .put("clientExtensionResults", new JsonObject()).encode();
    }

    private byte[] clientData(String type, JsonObject options) {
        return new JsonObject().put("type", type).put("challenge", options.getString("challenge")).put("origin", origin).put("crossOrigin", false)
            .encode().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticatorData(String host, int flags, boolean attested) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(SecretToken.sha256(host.getBytes(StandardCharsets.UTF_8)));
        data.write(verifies ? flags | VERIFIED : flags);
        data.writeBytes(ByteBuffer.allocate(4).putInt((int) (counts ? count++ : count)).array());
        if (attested) {
            data.writeBytes(new byte[16]);
            data.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
            data.writeBytes(id);
            data.writeBytes(publicKey());
        }
        return data.toByteArray();
    }

    /** RFC 9053 §7.1.1: an ES256 key as CBOR. */
    private byte[] publicKey() {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        ByteArrayOutputStream cose = new ByteArrayOutputStream();
        cose.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
        cose.writeBytes(unsigned(key.getW().getAffineX()));
        cose.writeBytes(new byte[] {0x22, 0x58, 0x20});
        cose.writeBytes(unsigned(key.getW().getAffineY()));
        return cose.toByteArray();
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
        return padded;
    }

    private byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
