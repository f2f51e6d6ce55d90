package dev.gatehouse.authz.session;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.Optional;

/** Stores browser sessions. */
public final class SessionStore {

    private static final String INSERT = """
        INSERT INTO browser_session (session_hash, sub, authenticated_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5)
        """;
    private static final String FIND = """
        SELECT session_hash, sub, authenticated_at, seen_at, expires_at FROM browser_session WHERE session_hash = $1
        """;
    private static final String TOUCH = "UPDATE browser_session SET seen_at = $1 WHERE session_hash = $2";
    private static final String DELETE = "DELETE FROM browser_session WHERE session_hash = $1";
    private static final String GRANTS = """
        SELECT COUNT(*) AS n FROM authorization_grant WHERE sub = $1 AND client_id = $2 AND authenticated_at = $3
        """;
    private static final String AUTHENTICATE = """
        UPDATE interaction SET state = 'authenticated', sub = $1 WHERE interaction_hash = $2 AND state <> 'finished'
        """;
    private static final String KNOW_BROWSER = """
        INSERT INTO known_browser (sub, browser_hash, seen_at) VALUES ($1, $2, $3)
        ON CONFLICT (sub, browser_hash) DO UPDATE SET seen_at = excluded.seen_at
        """;

    private final Database database;

    public SessionStore(Database database) {
        this.database = database;
    }

    /**
     * Opens a session after a login.
     *
     * @param replacedHash the previous session of this browser, which ends; or null
     * @param interactionHash the interaction of the login, which becomes authenticated; or null
     * @param browserHash the browser, which becomes known for this user
     */
    public Future<Void> open(BrowserSession session, String replacedHash, String interactionHash, String browserHash) {
        return database.write(statements -> statements.update(DELETE, replacedHash)
            .compose(ended -> statements.update(INSERT, session.hash(), session.sub(), session.authenticatedAt(),
                session.seenAt(), session.expiresAt()))
            .compose(opened -> statements.update(AUTHENTICATE, session.sub(), interactionHash))
            .compose(authenticated ->
                statements.update(KNOW_BROWSER, session.sub(), browserHash, session.authenticatedAt()))).mapEmpty();
    }

    public Future<Optional<BrowserSession>> find(String hash) {
        return database.read(FIND, hash).map(rows -> rows.stream().findFirst().map(SessionStore::session));
    }

    public Future<Void> touch(String hash, long at) {
        return database.write(statements -> statements.update(TOUCH, at, hash)).mapEmpty();
    }

    public Future<Void> close(String hash) {
        return database.write(statements -> statements.update(DELETE, hash)).mapEmpty();
    }

    /** Returns whether a client got a grant during a session. */
    public Future<Boolean> hasGrant(BrowserSession session, String clientId) {
        return database.read(GRANTS, session.sub(), clientId, session.authenticatedAt()).map(rows -> rows.get(0).number("n") > 0);
    }

    private static BrowserSession session(SqlRow row) {
        return new BrowserSession(row.text("session_hash"), row.text("sub"), row.number("authenticated_at"),
            row.number("seen_at"), row.number("expires_at"));
    }

    /**
     * A session of a user in one browser.
     *
     * @param hash the hash of the session cookie
     * @param authenticatedAt when the user entered the password, epoch milliseconds
     * @param seenAt the last use, accurate to about a minute, epoch milliseconds
     * @param expiresAt the absolute end, epoch milliseconds
     */
    public record BrowserSession(String hash, String sub, long authenticatedAt, long seenAt, long expiresAt) {
    }
}
