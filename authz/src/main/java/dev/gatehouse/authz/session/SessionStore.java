package dev.gatehouse.authz.session;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Stores browser sessions. */
public final class SessionStore {

    private static final String INSERT = """
        INSERT INTO browser_session (session_hash, sub, authenticated_at, seen_at, expires_at, methods, user_agent, address, country)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;
    private static final String FIND = """
        SELECT session_hash, sub, authenticated_at, seen_at, expires_at, methods FROM browser_session WHERE session_hash = $1
        """;
    private static final String LIST = """
        SELECT session_hash, sub, authenticated_at, seen_at, expires_at, methods, user_agent, address, country FROM browser_session
        WHERE sub = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC
        """;
    private static final String END_ONE = "DELETE FROM browser_session WHERE sub = $1 AND session_hash = $2";
    private static final String END_ALL = "DELETE FROM browser_session WHERE sub = $1";
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
     * @param source the browser and its address, as the account page shows them
     */
    public Future<Void> open(BrowserSession session, String replacedHash, String interactionHash, String browserHash, SessionSource source) {
        return database.write(statements -> statements.update(DELETE, replacedHash)
            .compose(ended -> statements.update(INSERT, session.hash(), session.sub(), session.authenticatedAt(),
                session.seenAt(), session.expiresAt(), session.login().storedMethods(),
                source.userAgent(), source.address(), source.country()))
            .compose(opened -> statements.update(AUTHENTICATE, session.sub(), interactionHash))
            .compose(authenticated ->
                statements.update(KNOW_BROWSER, session.sub(), browserHash, session.authenticatedAt()))).mapEmpty();
    }

    public Future<Optional<BrowserSession>> find(String hash) {
        return database.read(FIND, hash).map(rows -> rows.stream().findFirst().map(SessionStore::session));
    }

    /** Returns the live sessions of a user, most recently used first. @param idleSince sessions unused since this time have ended */
    public Future<List<SeenSession>> of(String sub, long now, long idleSince) {
        return database.read(LIST, sub, now, idleSince).map(rows -> rows.stream()
            .map(row -> new SeenSession(session(row), new SessionSource(row.text("user_agent"), row.text("address"), row.text("country")))).toList());
    }

    /** Ends a session of a user. Returns false if the user has no such session. */
    public Future<Boolean> end(String sub, String hash) {
        return database.write(statements -> statements.update(END_ONE, sub, hash)).map(rows -> rows > 0);
    }

    /** Ends all sessions of a user. */
    public Future<Void> endAll(String sub) {
        return database.write(statements -> statements.update(END_ALL, sub)).mapEmpty();
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
            row.number("seen_at"), row.number("expires_at"), SpaceSeparated.readOrNone(row.text("methods")));
    }

    /**
     * A session of a user in one browser.
     *
     * @param hash the hash of the session cookie
     * @param authenticatedAt when the user entered the password, epoch milliseconds
     * @param seenAt the last use, accurate to about a minute, epoch milliseconds
     * @param expiresAt the absolute end, epoch milliseconds
     * @param methods the authentication methods of the login (RFC 8176), empty if they are unknown
     */
    public record BrowserSession(String hash, String sub, long authenticatedAt, long seenAt, long expiresAt, List<String> methods) {

        public BrowserSession {
            methods = List.copyOf(methods);
        }

        /** The login, as tokens describe it. */
        public LoginClaims login() {
            return new LoginClaims(authenticatedAt, methods);
        }
    }

    /** A session with its origin. */
    public record SeenSession(BrowserSession session, SessionSource source) {
    }
}
