package dev.gatehouse.authz.user;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores the groups of this server and of SCIM clients, with their members. {@link UserGroupStore} has what identity providers state. */
public final class GroupStore {

    /** The source of groups of this server. */
    public static final String LOCAL = "local";
    private static final String SCIM = "scim:";

    private static final String INSERT = """
        INSERT INTO directory_group (group_id, source, group_name, client_id, external_id, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source, group_name) DO NOTHING
        """;
    private static final String UPDATE = """
        UPDATE directory_group SET group_name = $1, external_id = $2, changed_at = $3, changes = changes + 1 WHERE group_id = $4
        """;
    private static final String RENAME_MEMBERSHIPS = "UPDATE user_group SET group_name = $1 WHERE group_id = $2 RETURNING sub";
    private static final String DELETE = "DELETE FROM directory_group WHERE group_id = $1";
    private static final String ADD = "INSERT INTO user_group (sub, source, group_name, group_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    private static final String REMOVE = "DELETE FROM user_group WHERE group_id = $1 AND sub = $2";
    private static final String BY_NAME = "SELECT * FROM directory_group WHERE source = $1 AND group_name = $2";
    private static final String SUB = "SELECT sub FROM user_account WHERE username = $1";
    private static final String LIST = """
        SELECT group_name, source, SUM(member) AS members FROM (
            SELECT group_name, source, 0 AS member FROM directory_group UNION ALL SELECT group_name, source, 1 AS member FROM user_group
        ) AS listed GROUP BY group_name, source ORDER BY group_name, source
        """;
    private static final String MEMBERS = """
        SELECT user_account.username, user_account.sub, user_group.source FROM user_group JOIN user_account ON user_account.sub = user_group.sub
        WHERE user_group.group_name = $1 ORDER BY user_account.username, user_group.source
        """;

    private final Database database;

    /** Returns whether an administrator maintains the groups of a source: those of this server and of SCIM clients. */
    public static boolean isAdministered(String source) {
        return source.equals(LOCAL) || source.startsWith(SCIM);
    }

    /** The rule for names of new groups. */
    public static boolean isName(String text) {
        return !text.isBlank() && text.length() <= 256 && text.chars().noneMatch(Character::isISOControl);
    }

    public GroupStore(Database database) {
        this.database = database;
    }

    /**
     * A group.
     *
     * @param source {@link #LOCAL}, or {@code scim:} and the client identifier
     * @param clientId the SCIM client, or null
     * @param externalId the identifier at the client, or null
     * @param changes the count of changes
     */
    public record Group(String id, String source, String name, String clientId, String externalId, long createdAt, long changedAt, long changes) {

        /** A new group of this server. */
        static Group local(String name, long now) {
            return new Group(newId(), LOCAL, name, null, null, now, now, 0);
        }

        /** A new group of a SCIM client. */
        public static Group of(String clientId, String name, String externalId, long now) {
            return new Group(newId(), SCIM + clientId, name, clientId, externalId, now, now, 0);
        }

        private static String newId() {
            return "grp_" + SecretToken.encode(SecretToken.randomBytes(12));
        }
    }

    /** A name of groups at one source. */
    public record Listed(String name, String source, long members) {
    }

    /** A member of a group. */
    public record Member(String username, String sub, String source) {
    }

    /** Adds a group, as a step of a transaction. Returns false, without a change, if its source has one of the same name. */
    public static Future<Boolean> insert(Statements statements, Group group) {
        return statements.update(INSERT, group.id(), group.source(), group.name(), group.clientId(), group.externalId(), group.createdAt(), group.changedAt())
            .map(rows -> rows > 0);
    }

    /** Changes the name and the external identifier, as a step of a transaction. The name must be free. */
    public static Future<Void> update(Statements statements, Group group, String name, String externalId, long at) {
        return statements.update(UPDATE, name, externalId, at, group.id())
            .compose(updated -> name.equals(group.name()) ? Future.succeededFuture()
                : statements.query(RENAME_MEMBERSHIPS, name, group.id()).compose(rows -> announce(statements, rows, at)));
    }

    /** Deletes a group with its memberships, as a step of a transaction. */
    public static Future<Void> delete(Statements statements, Group group, long at) {
        return statements.query(RENAME_MEMBERSHIPS, group.name(), group.id()).compose(rows -> announce(statements, rows, at))
            .compose(announced -> statements.update(DELETE, group.id())).mapEmpty();
    }

    private static Future<Void> announce(Statements statements, List<SqlRow> members, long at) {
        Future<Integer> done = Future.succeededFuture(0);
        for (SqlRow member : members) {
            done = done.compose(before -> InvalidationStore.announce(statements, InvalidationKind.USER, member.text("sub"), at));
        }
        return done.mapEmpty();
    }

    /** Adds a member, as a step of a transaction. Returns false if the user is a member already. */
    public static Future<Boolean> add(Statements statements, Group group, String sub, long at) {
        return changed(statements, statements.update(ADD, sub, group.source(), group.name(), group.id()), sub, at);
    }

    /** Removes a member, as a step of a transaction. Returns false if the user is no member. */
    public static Future<Boolean> remove(Statements statements, Group group, String sub, long at) {
        return changed(statements, statements.update(REMOVE, group.id(), sub), sub, at);
    }

    private static Future<Boolean> changed(Statements statements, Future<Integer> change, String sub, long at) {
        return change.compose(rows -> rows == 0 ? Future.succeededFuture(false)
            : InvalidationStore.announce(statements, InvalidationKind.USER, sub, at).map(true));
    }

    /** Creates a group of this server. Returns false, without a change, if there is one of this name. */
    public Future<Boolean> create(String name, long now) {
        return database.write(statements -> insert(statements, Group.local(name, now)));
    }

    /** Deletes a group of this server. Returns false if no group of this server has the name. */
    public Future<Boolean> delete(String name, long at) {
        return database.write(statements -> local(statements, name)
            .compose(group -> group.isEmpty() ? Future.succeededFuture(false) : delete(statements, group.get(), at).map(true)));
    }

    /** The result of a change of one membership. */
    public enum Change {
        DONE, NO_GROUP, NO_USER, UNCHANGED
    }

    /** Adds or removes a member of a group of this server. */
    public Future<Change> setMember(String name, String username, boolean member, long at) {
        return database.write(statements -> local(statements, name).compose(group -> group.isEmpty() ? Future.succeededFuture(Change.NO_GROUP)
            : statements.query(SUB, username).compose(rows -> rows.isEmpty() ? Future.succeededFuture(Change.NO_USER)
                : setMember(statements, group.get(), rows.get(0).text("sub"), member, at))));
    }

    private static Future<Change> setMember(Statements statements, Group group, String sub, boolean member, long at) {
        return (member ? add(statements, group, sub, at) : remove(statements, group, sub, at)).map(changed -> changed ? Change.DONE : Change.UNCHANGED);
    }

    private static Future<Optional<Group>> local(Statements statements, String name) {
        return statements.query(BY_NAME, LOCAL, name).map(rows -> rows.stream().findFirst().map(GroupStore::group));
    }

    /** Returns the groups of all sources, also of identity providers, by name. */
    public Future<List<Listed>> list() {
        return database.read(LIST).map(rows -> rows.stream().map(row -> new Listed(row.text("group_name"), row.text("source"), row.number("members"))).toList());
    }

    /** Returns the members of the groups of a name, by username. */
    public Future<List<Member>> members(String name) {
        return database.read(MEMBERS, name)
            .map(rows -> rows.stream().map(row -> new Member(row.text("username"), row.text("sub"), row.text("source"))).toList());
    }

    /** The group of a row with all columns. */
    public static Group group(SqlRow row) {
        return new Group(row.text("group_id"), row.text("source"), row.text("group_name"), row.text("client_id"), row.text("external_id"),
            row.number("created_at"), row.number("changed_at"), row.number("changes"));
    }
}
