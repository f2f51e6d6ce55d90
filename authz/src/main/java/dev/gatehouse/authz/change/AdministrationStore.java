package dev.gatehouse.authz.change;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Comparator;
import java.util.List;

/** Audit records of the command line, until a server copies them to its audit log. */
public final class AdministrationStore {

    private static final String ADD = "INSERT INTO administration (at, record) VALUES ($1, $2)";
    private static final String WAITING = "SELECT MAX(seq) AS seq FROM administration WHERE copied_at IS NULL";
    private static final String TAKE = "UPDATE administration SET copied_at = $1 WHERE copied_at IS NULL AND seq <= $2 RETURNING seq, record";

    private final Database database;

    public AdministrationStore(Database database) {
        this.database = database;
    }

    /** Stores an audit record until a server has copied it. */
    public Future<Void> add(JsonObject record, long at) {
        return database.write(statements -> add(statements, record, at));
    }

    /** The same in a transaction. */
    public static Future<Void> add(Statements statements, JsonObject record, long at) {
        return statements.update(ADD, at, record.encode()).mapEmpty();
    }

    /** Takes the records that no server has copied yet, the oldest first. If there are several servers, each record goes to one of them. */
    public Future<List<JsonObject>> take(long at) {
        return database.read(WAITING).compose(rows -> {
            Long newest = rows.get(0).numberOrNull("seq");
            return newest == null ? Future.succeededFuture(List.of()) : database.write(statements -> statements.query(TAKE, at, newest))
                .map(AdministrationStore::records);
        });
    }

    private static List<JsonObject> records(List<SqlRow> rows) {
        return rows.stream().sorted(Comparator.comparingLong(row -> row.number("seq"))).map(row -> new JsonObject(row.text("record"))).toList();
    }
}
