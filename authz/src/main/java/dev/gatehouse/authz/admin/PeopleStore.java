package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Lists and changes users with their roles. A change reads the user, checks it, and writes in one transaction. */
public final class PeopleStore {

    private static final String SELECT = """
        SELECT account.sub, account.username, account.email, account.name, account.disabled, account.created_at, account.last_login_at, user_role.role,
               CASE WHEN account.password_hash = '%s' THEN 0 ELSE 1 END AS has_password
        FROM user_account AS account LEFT JOIN user_role ON user_role.sub = account.sub
        """.formatted(User.NO_PASSWORD);
    private static final String ONE = SELECT + "WHERE account.sub = $1";
    private static final String UPDATE = "UPDATE user_account SET email = $1, name = $2 WHERE sub = $3";

    private final Database database;

    public PeopleStore(Database database) {
        this.database = database;
    }

    /** A user as the administration shows it. @param role null for none */
    record Person(User user, Role role) {

        JsonObject json() {
            return new JsonObject().put("sub", user.sub()).put("username", user.username()).put("email", user.email()).put("name", user.name())
                .put("disabled", user.disabled()).put("role", role == null ? null : role.wireName()).put("has_password", user.hasPassword())
                .put("created_at", time(user.createdAt())).put("last_login_at", time(user.lastLoginAt()));
        }
    }

    /** The time of a column in the form of RFC 3339; null for null. */
    static String time(Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    /** A pattern that finds a text anywhere. */
    static String containing(String text) {
        return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    /** The users after a username that match. @param text in the name, the username or the address; null for all @param username the exact one; null for all @param role null for all */
    Future<List<Person>> list(String text, String username, String role, Boolean disabled, String after, int limit) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder where = new StringBuilder("WHERE 1 = 1");
        if (text != null) {
            parameters.add(containing(text));
            where.append(' ').append("""
                AND (LOWER(account.username) LIKE LOWER(CAST($1 AS TEXT)) ESCAPE '\\' OR LOWER(account.name) LIKE LOWER(CAST($1 AS TEXT)) ESCAPE '\\'
                 OR LOWER(account.email) LIKE LOWER(CAST($1 AS TEXT)) ESCAPE '\\' OR account.sub LIKE $1 ESCAPE '\\')""");
        }
        add(where, parameters, " AND account.username = $", username);
        add(where, parameters, " AND user_role.role = $", role);
        add(where, parameters, " AND account.disabled = $", disabled == null ? null : Long.valueOf(disabled ? 1 : 0));
        add(where, parameters, " AND account.username > $", after);
        parameters.add((long) limit);
        return database.read(SELECT + where + " ORDER BY account.username LIMIT $" + parameters.size(), parameters.toArray())
            .map(rows -> rows.stream().map(PeopleStore::person).toList());
    }

    static void add(StringBuilder where, List<Object> parameters, String condition, Object value) {
        if (value != null) {
            parameters.add(value);
            where.append(condition).append(parameters.size());
        }
    }

    Future<Optional<Person>> find(String sub) {
        return database.read(ONE, sub).map(rows -> rows.stream().findFirst().map(PeopleStore::person));
    }

    /** A change of a user. @param disabled null for no change @param passwordHash the hash of the new password, which ends all access; null for no change */
    record Change(boolean email, String newEmail, boolean name, String newName, Boolean disabled, String passwordHash) {
    }

    /** A changed user. */
    record Changed(Person before, Person after) {
    }

    /** Changes a user. @param check fails if the change is not allowed */
    Future<Changed> change(String sub, Consumer<Person> check, Change change, long now) {
        return write(sub, check, (statements, before) -> {
            boolean disables = Boolean.TRUE.equals(change.disabled()) && !before.user().disabled();
            return (disables ? requireOtherOwner(statements, before) : Future.<Void>succeededFuture())
                .compose(allowed -> statements.update(UPDATE, change.email() ? change.newEmail() : before.user().email(),
                    change.name() ? change.newName() : before.user().name(), sub))
                .compose(changed -> change.passwordHash() == null ? Future.succeededFuture(false)
                    : UserStore.changePassword(statements, before.user().username(), change.passwordHash(), now))
                .compose(changed -> change.disabled() == null || change.disabled() == before.user().disabled()
                    ? InvalidationStore.announce(statements, InvalidationKind.USER, sub, now).<Void>mapEmpty()
                    : UserStore.setDisabled(statements, sub, change.disabled(), now));
        });
    }

    /** Sets the role of a user. */
    Future<Person> setRole(String sub, Consumer<Person> check, Optional<Role> role, long now) {
        return write(sub, check, (statements, before) -> (role.equals(Optional.of(Role.OWNER)) ? Future.<Void>succeededFuture() : requireOtherOwner(statements, before))
            .compose(allowed -> RoleStore.set(statements, sub, role, now))).map(Changed::after);
    }

    /** Deletes a user with all that belongs to the account. */
    Future<Person> delete(String sub, Consumer<Person> check, long now) {
        return database.write(statements -> read(statements, sub, check).compose(before -> requireOtherOwner(statements, before)
            .compose(allowed -> UserStore.delete(statements, sub, now)).map(before)));
    }

    /** A step that changes the user. */
    private interface Step {
        Future<Void> apply(Statements statements, Person before);
    }

    private Future<Changed> write(String sub, Consumer<Person> check, Step step) {
        return database.write(statements -> read(statements, sub, check).compose(before -> step.apply(statements, before)
            .compose(done -> statements.query(ONE, sub)).map(rows -> new Changed(before, person(rows.get(0))))));
    }

    private static Future<Person> read(Statements statements, String sub, Consumer<Person> check) {
        return statements.lock("administration of user " + sub).compose(held -> statements.query(ONE, sub)).map(rows -> {
            Person before = rows.stream().findFirst().map(PeopleStore::person).orElseThrow(() -> Problem.notFound("There is no such user"));
            check.accept(before);
            return before;
        });
    }

    /** The last owner stays: otherwise only the command line could give roles. */
    private static Future<Void> requireOtherOwner(Statements statements, Person before) {
        return before.role() != Role.OWNER ? Future.succeededFuture() : RoleStore.hasOtherOwner(statements, before.user().sub())
            .compose(other -> other ? Future.succeededFuture() : Future.failedFuture(Problem.conflict("This user is the only owner; make another user an owner first")));
    }

    private static Person person(SqlRow row) {
        String role = row.text("role");
        return new Person(new User(row.text("sub"), row.text("username"), row.number("has_password") != 0 ? "" : User.NO_PASSWORD, row.text("email"), row.text("name"),
            row.number("disabled") != 0, row.number("created_at"), row.numberOrNull("last_login_at")), role == null ? null : Role.named(role).orElse(null));
    }
}
