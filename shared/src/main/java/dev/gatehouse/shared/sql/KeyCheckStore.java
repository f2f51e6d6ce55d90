package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.secret.KeyFile;
import dev.gatehouse.shared.secret.MasterKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Verifies that a key file belongs to a database. A key is created only for a database without data that depends on a key.
 * From then on the table {@code key_check} shows whether the file still has the same key.
 */
public final class KeyCheckStore {

    private static final String FIND = "SELECT value FROM key_check WHERE id = 1";
    private static final String ADD = "INSERT INTO key_check (id, value) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";

    private final Vertx vertx;
    private final Database database;
    private final Path keyFile;
    private final Contents contents;

    /**
     * The data of a database that depends on the key. It is checked for databases without a row in {@code key_check}.
     *
     * @param present a query that returns a row if the database has encrypted or derived values
     * @param sealed a query for encrypted values
     * @param opens whether a key decrypts such a value
     */
    public record Contents(String present, String sealed, BiPredicate<MasterKey, SqlRow> opens) {
    }

    /** The state of the database before the key file is read. */
    private record Known(String check, boolean present) {

        boolean needsKey() {
            return check != null || present;
        }
    }

    private KeyCheckStore(Vertx vertx, Database database, Path keyFile, Contents contents) {
        this.vertx = vertx;
        this.database = database;
        this.keyFile = keyFile;
        this.contents = contents;
    }

    /**
     * Reads the key of a database, or creates it for a new database.
     *
     * @param vertx the Vert.x instance
     * @param database the database
     * @param keyFile the file of the key
     * @param contents tells whether the database holds encrypted data
     * @return the key; fails with {@link StartupException}, which names the key file, if it is missing, invalid or another key
     */
    public static Future<MasterKey> key(Vertx vertx, Database database, Path keyFile, Contents contents) {
        KeyCheckStore store = new KeyCheckStore(vertx, database, keyFile, contents);
        return store.known().compose(known -> store.load(known)
            .compose(key -> known.check() == null ? store.begin(key, known) : store.requireSame(key, known.check())));
    }

    private Future<Known> known() {
        return database.read(FIND).compose(rows -> database.read(contents.present())
            .map(present -> new Known(rows.isEmpty() ? null : rows.get(0).text("value"), !present.isEmpty())));
    }

    private Future<MasterKey> load(Known known) {
        return vertx.executeBlocking(() -> {
            if (known.needsKey() && !Files.exists(keyFile)) {
                throw new StartupException("The key file " + keyFile + " is missing, and the database " + database.name()
                    + " has data encrypted with that key. Restore the file from a backup, or set keyFile to its path.");
            }
            return KeyFile.loadOrCreate(keyFile);
        }, false);
    }

    /** Records the key, unless it decrypts no existing value. When several processes start at once, the first one records it. */
    private Future<MasterKey> begin(MasterKey key, Known known) {
        Future<List<SqlRow>> samples = known.present() ? database.read(contents.sealed()) : Future.succeededFuture(List.of());
        return samples.compose(rows -> !rows.isEmpty() && rows.stream().noneMatch(row -> contents.opens().test(key, row))
            ? Future.failedFuture(otherKey())
            : database.write(statements -> statements.update(ADD, check(key)).compose(added -> statements.query(FIND)))
                .compose(now -> requireSame(key, now.get(0).text("value"))));
    }

    private Future<MasterKey> requireSame(MasterKey key, String check) {
        return check(key).equals(check) ? Future.succeededFuture(key) : Future.failedFuture(otherKey());
    }

    private StartupException otherKey() {
        return new StartupException("The key file " + keyFile + " has a different key than the database " + database.name()
            + ". Restore the file from a backup, or set keyFile to its path.");
    }

    private static String check(MasterKey key) {
        return key.keyedHash("key check").of("gatehouse");
    }
}
