package dev.gatehouse.authz.user;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Stores the administrative roles of users. */
public final class RoleStore {

    /** The source of roles among the groups of a user. No identity provider and no SCIM client can have it. */
    public static final String SOURCE = "role";

    private static final String FIND = """
        SELECT user_role.role FROM user_role JOIN user_account ON user_account.sub = user_role.sub
        WHERE user_role.sub = $1 AND user_account.disabled = 0
        """;
    private static final String GIVEN = "SELECT role FROM user_role WHERE sub = $1";
    private static final String SET = """
        INSERT INTO user_role (sub, role, granted_at) VALUES ($1, $2, $3) ON CONFLICT (sub) DO UPDATE SET role = excluded.role, granted_at = excluded.granted_at
        """;
    private static final String REMOVE = "DELETE FROM user_role WHERE sub = $1";
    private static final String SUB = "SELECT sub FROM user_account WHERE username = $1";
    private static final String OTHER_OWNERS = """
        SELECT user_role.sub FROM user_role JOIN user_account ON user_account.sub = user_role.sub
        WHERE user_role.role = 'owner' AND user_account.disabled = 0 AND user_role.sub <> $1 LIMIT 1
        """;
    private static final String ANY = "SELECT sub FROM user_role LIMIT 1";

    private final Database database;

    public RoleStore(Database database) {
        this.database = database;
    }

    /** Returns the role of a user; empty if the user has none or is disabled. */
    public Future<Optional<Role>> of(String sub) {
        return database.read(FIND, sub).map(RoleStore::role);
    }

    /** Returns whether any user has a role. */
    public Future<Boolean> hasAny() {
        return database.read(ANY).map(rows -> !rows.isEmpty());
    }

    /** The given role of a user, also of a disabled one, as a step of a transaction. */
    public static Future<Optional<Role>> given(Statements statements, String sub) {
        return statements.query(GIVEN, sub).map(RoleStore::role);
    }

    /** Returns whether another enabled user is an owner, as a step of a transaction that excludes other changes of roles. */
    public static Future<Boolean> hasOtherOwner(Statements statements, String sub) {
        return statements.lock("roles").compose(held -> statements.query(OTHER_OWNERS, sub)).map(rows -> !rows.isEmpty());
    }

    /** Sets the role of a user. @param role empty for none @return false, without a change, if there is no such user */
    public Future<Boolean> set(String username, Optional<Role> role, long at) {
        return database.write(statements -> statements.query(SUB, username).compose(rows -> rows.isEmpty() ? Future.succeededFuture(false)
            : set(statements, rows.get(0).text("sub"), role, at).map(true)));
    }

    /** Sets the role of an existing user, as a step of a transaction. */
    public static Future<Void> set(Statements statements, String sub, Optional<Role> role, long at) {
        return (role.isEmpty() ? statements.update(REMOVE, sub) : statements.update(SET, sub, role.get().wireName(), at))
            .compose(changed -> InvalidationStore.announce(statements, InvalidationKind.USER, sub, at)).mapEmpty();
    }

    private static Optional<Role> role(List<SqlRow> rows) {
        return rows.stream().findFirst().flatMap(row -> Role.named(row.text("role")));
    }

    /** An administrative role. */
    public enum Role {
        OWNER, OPERATOR, AUDITOR, HELP_DESK;

        /** The name in the store, in commands and in the API. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The role of a name; empty for another text. */
        public static Optional<Role> named(String wireName) {
            return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
        }
    }
}
