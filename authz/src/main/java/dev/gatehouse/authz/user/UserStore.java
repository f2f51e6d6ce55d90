package dev.gatehouse.authz.user;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores user accounts. */
public final class UserStore {

    private static final String COLUMNS = """
        SELECT sub, username, password_hash, email, name, disabled, created_at, last_login_at FROM user_account
        """;
    private static final String INSERT = """
        INSERT INTO user_account (sub, username, password_hash, email, name, disabled, created_at, last_login_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (username) DO NOTHING
        """;
    private static final String BY_USERNAME = COLUMNS + "WHERE username = $1";
    private static final String BY_SUB = COLUMNS + "WHERE sub = $1";
    private static final String BY_EMAIL = COLUMNS + "WHERE LOWER(email) = LOWER($1) AND disabled = 0 ORDER BY username LIMIT 5";
    private static final String ALL = COLUMNS + "ORDER BY username";
    private static final String RECORD_LOGIN = "UPDATE user_account SET last_login_at = $1 WHERE sub = $2";
    private static final String CHANGE_PASSWORD =
        "UPDATE user_account SET password_hash = $1 WHERE username = $2 RETURNING sub";
    private static final String REPLACE_PASSWORD = """
        UPDATE user_account SET password_hash = $1 WHERE sub = $2 AND password_hash = $3 AND disabled = 0 RETURNING sub
        """;
    private static final String CHANGE_EMAIL = "UPDATE user_account SET email = $1 WHERE sub = $2";
    private static final String SET_DISABLED = "UPDATE user_account SET disabled = $1 WHERE username = $2 RETURNING sub";
    private static final String SET_DISABLED_BY_SUB = "UPDATE user_account SET disabled = $1 WHERE sub = $2";
    private static final String DELETE = "DELETE FROM user_account WHERE sub = $1";
    private static final String END_SESSIONS = "DELETE FROM browser_session WHERE sub = $1";
    private static final String END_OTHER_SESSIONS = "DELETE FROM browser_session WHERE sub = $1 AND session_hash <> $2";
    private static final String END_GRANTS =
        "UPDATE authorization_grant SET revoked_at = $1 WHERE sub = $2 AND revoked_at IS NULL";
    private static final String FORGET_CONSENTS = "DELETE FROM consent WHERE sub = $1";
    private static final String FORGET_BROWSERS = "DELETE FROM known_browser WHERE sub = $1";
    /** Approved device authorizations without a token request: their grant does not exist yet. */
    private static final String END_DEVICES = "UPDATE device_authorization SET state = 'denied' WHERE sub = $1 AND state = 'approved'";

    private final Database database;

    public UserStore(Database database) {
        this.database = database;
    }

    /** Adds a user. Returns false, without a change, if the name is taken. */
    public Future<Boolean> add(User user) {
        return database.write(statements -> insert(statements, user)).map(rows -> rows > 0);
    }

    public static Future<Integer> insert(Statements statements, User user) {
        return statements.update(INSERT, user.sub(), user.username(), user.passwordHash(), user.email(), user.name(),
            user.disabled() ? 1L : 0L, user.createdAt(), user.lastLoginAt());
    }

    public Future<Optional<User>> findByUsername(String username) {
        return database.read(BY_USERNAME, username).map(UserStore::first);
    }

    public Future<Optional<User>> findBySub(String sub) {
        return database.read(BY_SUB, sub).map(UserStore::first);
    }

    /** Returns a few enabled users with an address. Upper and lower case do not matter. */
    public Future<List<User>> findByEmail(String email) {
        return database.read(BY_EMAIL, email).map(rows -> rows.stream().map(UserStore::user).toList());
    }

    /** Changes an address at the request of its user. */
    public Future<Void> changeEmail(String sub, String email, long at) {
        return database.write(statements -> statements.update(CHANGE_EMAIL, email, sub)
            .compose(changed -> InvalidationStore.announce(statements, InvalidationKind.USER, sub, at))).mapEmpty();
    }

    /** Returns all users, ordered by name. */
    public Future<List<User>> list() {
        return database.read(ALL).map(rows -> rows.stream().map(UserStore::user).toList());
    }

    /** Records a login. */
    public Future<Void> recordLogin(String sub, long at) {
        return database.write(statements -> statements.update(RECORD_LOGIN, at, sub)
            .compose(rows -> InvalidationStore.announce(statements, InvalidationKind.USER, sub, at))).mapEmpty();
    }

    /**
     * Sets a new password hash and ends the user's browser sessions and grants, so that a stolen session does not survive the
     * change of the password. Returns false if there is no such user.
     */
    public Future<Boolean> changePassword(String username, String passwordHash, long at) {
        return database.write(statements -> changePassword(statements, username, passwordHash, at));
    }

    /** The same in a transaction. */
    public static Future<Boolean> changePassword(Statements statements, String username, String passwordHash, long at) {
        return statements.query(CHANGE_PASSWORD, passwordHash, username).compose(changed -> endAccess(statements, changed, at));
    }

    /**
     * Replaces a password at the request of its user.
     *
     * @param user the user with the hash of the password that the user has confirmed
     * @param keptSessionHash the session that stays when the others end; null if all sessions stay
     * @return false, without a change, if the user has another password by now or is disabled
     */
    public Future<Boolean> replacePassword(User user, String passwordHash, String keptSessionHash) {
        return database.write(statements -> statements.query(REPLACE_PASSWORD, passwordHash, user.sub(), user.passwordHash())
            .compose(changed -> changed.isEmpty() || keptSessionHash == null ? Future.succeededFuture(!changed.isEmpty())
                : statements.update(END_OTHER_SESSIONS, user.sub(), keptSessionHash).map(true)));
    }

    /** Ends the sessions, grants and remembered consents of a user at the user's request. */
    public Future<Void> endAccess(String sub, long at) {
        return database.write(statements -> endAccess(statements, sub, at));
    }

    /** Disables or enables a user; disabling ends the sessions and grants. Returns false if there is no such user. */
    public Future<Boolean> setDisabled(String username, boolean disabled, long at) {
        return database.write(statements -> statements.query(SET_DISABLED, disabled ? 1L : 0L, username)
            .compose(changed -> endAccess(statements, changed, at)));
    }

    /** Disables or enables a user, with the same effects, as a step of a transaction. */
    public static Future<Void> setDisabled(Statements statements, String sub, boolean disabled, long at) {
        return statements.update(SET_DISABLED_BY_SUB, disabled ? 1L : 0L, sub).compose(changed -> endAccess(statements, sub, at));
    }

    /** Deletes a user with all that belongs to the account, as a step of a transaction. */
    public static Future<Void> delete(Statements statements, String sub, long at) {
        return endAccess(statements, sub, at).compose(ended -> statements.update(DELETE, sub)).mapEmpty();
    }

    private static Future<Boolean> endAccess(Statements statements, List<SqlRow> changed, long at) {
        return changed.isEmpty() ? Future.succeededFuture(false) : endAccess(statements, changed.get(0).text("sub"), at).map(true);
    }

    /** The same as a step of a transaction. */
    public static Future<Void> endAccess(Statements statements, String sub, long at) {
        // First the devices: a grant that one of them redeems now is then visible. The lock waits for other new grants.
        return statements.update(END_DEVICES, sub)
            .compose(devices -> lock(statements, sub))
            .compose(locked -> statements.update(END_SESSIONS, sub))
            .compose(sessions -> statements.update(END_GRANTS, at, sub))
            .compose(grants -> statements.update(FORGET_CONSENTS, sub))
            .compose(consents -> statements.update(FORGET_BROWSERS, sub))
            .compose(browsers -> InvalidationStore.announce(statements, InvalidationKind.USER, sub, at)).mapEmpty();
    }

    /** Excludes new grants of a user while all grants end, and the reverse. */
    public static Future<Void> lock(Statements statements, String sub) {
        return statements.lock("user " + sub);
    }

    private static Optional<User> first(List<SqlRow> rows) {
        return rows.stream().findFirst().map(UserStore::user);
    }

    private static User user(SqlRow row) {
        return new User(row.text("sub"), row.text("username"), row.text("password_hash"), row.text("email"),
            row.text("name"), row.number("disabled") != 0, row.number("created_at"), row.numberOrNull("last_login_at"));
    }
}
