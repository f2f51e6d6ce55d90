package dev.gatehouse.authz.user;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/** Stores the groups of users. Each source, such as an identity provider, replaces only the groups that it has stated. */
public final class UserGroupStore {

    private static final String DELETE = "DELETE FROM user_group WHERE sub = $1 AND source = $2";
    private static final String INSERT = "INSERT INTO user_group (sub, source, group_name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    private static final String LIST = "SELECT group_name, source FROM user_group WHERE sub = $1 ORDER BY source, group_name";

    private final Database database;

    public UserGroupStore(Database database) {
        this.database = database;
    }

    /** A group of a user. @param source the name of the identity provider that states the membership */
    public record UserGroup(String name, String source) {
    }

    /** Returns all groups of a user. */
    public Future<List<UserGroup>> of(String sub) {
        return database.read(LIST, sub)
            .map(rows -> rows.stream().map(row -> new UserGroup(row.text("group_name"), row.text("source"))).toList());
    }

    /** Replaces the groups of a user from one source, as a step of a transaction. */
    public static Future<Void> replace(Statements statements, String sub, String source, List<String> groups) {
        Future<Integer> done = statements.update(DELETE, sub, source);
        for (String group : groups) {
            done = done.compose(before -> statements.update(INSERT, sub, source, group));
        }
        return done.mapEmpty();
    }
}
