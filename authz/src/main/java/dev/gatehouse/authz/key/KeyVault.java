package dev.gatehouse.authz.key;

import dev.gatehouse.authz.key.KeyRing.LoadedKey;
import dev.gatehouse.authz.key.SigningKeyStore.KeySet;
import dev.gatehouse.authz.key.SigningKeyStore.StoredKey;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.jose.VerificationKey;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates keys and encrypts and decrypts their private parts. Blocking: for worker threads. */
final class KeyVault {

    private static final Logger LOG = LoggerFactory.getLogger(KeyVault.class);

    private final Sealer sealer;

    KeyVault(MasterKey master) {
        this.sealer = master.sealer("signing keys");
    }

    StoredKey make(SigningAlgorithm algorithm, long now, long activatesAt, long neededUntil) {
        SigningKey key = SigningKey.generate(algorithm);
        return new StoredKey(key.kid(), algorithm.wireName(), key.publicJwk().encode(),
            sealer.seal(key.secretJwk().encode(), key.kid()), now, activatesAt, neededUntil);
    }

    boolean opens(String kid, byte[] sealed) {
        try {
            sealer.open(sealed, kid);
            return true;
        } catch (Sealer.BrokenSealException otherKey) {
            return false;
        }
    }

    KeyRing load(KeySet set) {
        return new KeyRing(set.generation(), set.keys().stream().map(this::load).toList());
    }

    private LoadedKey load(StoredKey stored) {
        VerificationKey verification = VerificationKey.parse(new JsonObject(stored.publicJwk()));
        return new LoadedKey(stored, verification, open(stored));
    }

    /** Null if the private part cannot be decrypted: the key then only verifies. */
    private SigningKey open(StoredKey stored) {
        try {
            JsonObject secret = new JsonObject(sealer.open(stored.sealedJwk(), stored.kid())).put("kid", stored.kid());
            return SigningKey.parse(secret, SigningAlgorithm.named(stored.algorithm()).orElseThrow());
        } catch (Sealer.BrokenSealException e) {
            LOG.warn("Cannot decrypt signing key {} with the key file; it is used only for verification", stored.kid());
            return null;
        }
    }
}
