package dev.gatehouse.authz.admin;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;

/** Stores the texts of policies that were in force. */
public final class PolicyVersionStore {

    private static final String LAST = "SELECT number, text FROM policy_version WHERE name = $1 ORDER BY number DESC LIMIT 1";
    private static final String INSERT = "INSERT INTO policy_version (name, number, version, text, actor, stored_at) VALUES ($1, $2, $3, $4, $5, $6)";
    private static final String FORGET = "DELETE FROM policy_version WHERE name = $1 AND number <= $2";
    private static final String SELECT = """
        SELECT number, version, text, stored_at, account.username FROM policy_version
        LEFT JOIN user_account AS account ON account.sub = policy_version.actor WHERE policy_version.name = $1
        """;
    private static final String LIST = SELECT + "AND number < $2 ORDER BY number DESC LIMIT $3";
    private static final String FIND = SELECT + "AND number = $2";
    private static final int KEPT = 200;

    private final Database database;

    public PolicyVersionStore(Database database) {
        this.database = database;
    }

    /** Keeps a version, unless it is the newest one. @param actor the user who put it in force, or null */
    Future<Void> keep(String name, String version, String text, String actor, long now) {
        return database.write(statements -> statements.lock("policy " + name).compose(locked -> statements.query(LAST, name)).compose(last -> {
            if (!last.isEmpty() && last.get(0).text("text").equals(text)) {
                return Future.succeededFuture();
            }
            long number = last.isEmpty() ? 1 : last.get(0).number("number") + 1;
            return statements.update(INSERT, name, number, version, text, actor, now).compose(added -> statements.update(FORGET, name, number - KEPT)).mapEmpty();
        }));
    }

    /** Returns versions without their texts, the newest first. @param before the number after which the list begins */
    Future<List<JsonObject>> list(String name, long before, int limit) {
        return database.read(LIST, name, before, limit).map(rows -> rows.stream().map(PolicyVersionStore::described).toList());
    }

    /** Returns a version with its text. */
    Future<Optional<JsonObject>> find(String name, long number) {
        return database.read(FIND, name, number).map(rows -> rows.stream().findFirst().map(row -> described(row).put("text", row.text("text"))));
    }

    private static JsonObject described(SqlRow row) {
        return new JsonObject().put("number", row.number("number")).put("version", row.text("version")).put("since", PeopleStore.time(row.number("stored_at")))
            .put("username", row.text("username"));
    }
}
