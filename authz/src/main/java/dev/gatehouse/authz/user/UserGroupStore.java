package dev.gatehouse.authz.user;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Stores the groups of users. Each source, such as an identity provider, replaces only the groups that it has stated. */
public final class UserGroupStore {

    private static final String DELETE = "DELETE FROM user_group WHERE sub = $1 AND source = $2";
    private static final String INSERT = "INSERT INTO user_group (sub, source, group_name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    private static final String LIST = """
        SELECT group_name, source FROM user_group WHERE sub = $1
        UNION ALL SELECT role, '%s' FROM user_role WHERE sub = $1 ORDER BY source, group_name
        """.formatted(RoleStore.SOURCE);

    private static final String OF_SOURCE = "SELECT group_name FROM user_group WHERE sub = $1 AND source = $2";

    private final Database database;

    public UserGroupStore(Database database) {
        this.database = database;
    }

    /**
     * A group of a user, or the administrative role.
     *
     * @param source {@code local}, {@code scim:} and a client identifier, the name of an identity provider, or {@link RoleStore#SOURCE}
     */
    public record UserGroup(String name, String source) {

        /**
         * Returns whether the group has the source that the configuration names.
         *
         * @param configured null for this server and SCIM, not for identity providers: their users may be able to name groups themselves
         */
        public boolean isFrom(String configured) {
            return configured == null ? GroupStore.isAdministered(source) : source.equals(configured);
        }
    }

    /** Returns all groups of a user, and the administrative role. */
    public Future<List<UserGroup>> of(String sub) {
        return database.read(LIST, sub)
            .map(rows -> rows.stream().map(row -> new UserGroup(row.text("group_name"), row.text("source"))).toList());
    }

    /** The same as a step of a transaction. */
    public static Future<Set<UserGroup>> of(Statements statements, String sub) {
        return statements.query(LIST, sub)
            .map(rows -> rows.stream().map(row -> new UserGroup(row.text("group_name"), row.text("source"))).collect(Collectors.toSet()));
    }

    /** Replaces the groups of a user from one source, as a step of a transaction. A change is announced to the caches of all servers. */
    public static Future<Void> replace(Statements statements, String sub, String source, List<String> groups, long at) {
        return statements.query(OF_SOURCE, sub, source)
            .map(rows -> rows.stream().map(row -> row.text("group_name")).collect(Collectors.toSet()))
            .compose(before -> before.equals(Set.copyOf(groups)) ? Future.succeededFuture() : write(statements, sub, source, groups, at));
    }

    private static Future<Void> write(Statements statements, String sub, String source, List<String> groups, long at) {
        Future<Integer> done = statements.update(DELETE, sub, source);
        for (String group : groups) {
            done = done.compose(before -> statements.update(INSERT, sub, source, group));
        }
        return done.compose(written -> InvalidationStore.announce(statements, InvalidationKind.USER, sub, at)).mapEmpty();
    }
}
