package dev.gatehouse.authz.key;

import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.KeyCheckStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;

/** Opens the master key of the authorization server's database, and checks that it belongs to it. */
public final class MasterKeyStore {

    private static final String PRESENT = """
        SELECT 1 AS present WHERE EXISTS (SELECT 1 FROM signing_key)
            OR EXISTS (SELECT 1 FROM refresh_token WHERE successor_hash IS NOT NULL)
            OR EXISTS (SELECT 1 FROM device_authorization)
        """;
    private static final String SEALED = "SELECT kid, sealed_jwk FROM signing_key";

    private MasterKeyStore() {
    }

    /** @see KeyCheckStore#key */
    public static Future<MasterKey> key(Vertx vertx, Database database, Path keyFile) {
        return KeyCheckStore.key(vertx, database, keyFile, new KeyCheckStore.Contents(PRESENT, SEALED,
            (key, row) -> new KeyVault(key).opens(row.text("kid"), row.bytes("sealed_jwk"))));
    }
}
