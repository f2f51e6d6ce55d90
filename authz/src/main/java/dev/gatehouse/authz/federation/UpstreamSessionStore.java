package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stores the sessions at identity providers. The browser session and the grants of a login have the same user and the same time of
 * authentication as its session upstream.
 */
public final class UpstreamSessionStore {

    private static final String INSERT = """
        INSERT INTO upstream_session (session_id, sub, authenticated_at, provider, issuer, subject, sid, sealed, checked_at, checking_until,
                                      expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)
        """;
    private static final String COLUMNS = """
        SELECT upstream.session_id, upstream.sub, upstream.authenticated_at, upstream.provider, upstream.issuer, upstream.subject,
               upstream.sealed, upstream.checked_at FROM upstream_session AS upstream
        """;
    private static final String OF_REFRESH_TOKEN = COLUMNS + """
        JOIN authorization_grant ON authorization_grant.sub = upstream.sub
         AND authorization_grant.authenticated_at = upstream.authenticated_at
        JOIN refresh_token ON refresh_token.grant_id = authorization_grant.grant_id
        WHERE refresh_token.token_hash = $1
        """;
    private static final String OF_LOGIN = COLUMNS + "WHERE upstream.sub = $1 AND upstream.authenticated_at = $2";
    private static final String BY_SID = COLUMNS + "WHERE upstream.provider = $1 AND upstream.sid = $2";
    private static final String BY_SUBJECT = COLUMNS + "WHERE upstream.provider = $1 AND upstream.subject = $2";
    private static final String CLAIM = """
        UPDATE upstream_session SET checking_until = $1 WHERE session_id = $2 AND checked_at = $3 AND checking_until <= $4
        """;
    private static final String CHECKED = "UPDATE upstream_session SET checked_at = $1, checking_until = 0, sealed = $2 WHERE session_id = $3";
    private static final String DELETE = "DELETE FROM upstream_session WHERE session_id = $1";
    private static final String END_SESSIONS = "DELETE FROM browser_session WHERE sub = $1 AND authenticated_at = $2";
    private static final String END_GRANTS = """
        UPDATE authorization_grant SET revoked_at = $1 WHERE sub = $2 AND authenticated_at = $3 AND revoked_at IS NULL RETURNING grant_id
        """;
    private static final String END_DEVICES = """
        UPDATE device_authorization SET state = 'denied' WHERE sub = $1 AND authenticated_at = $2 AND state = 'approved'
        """;

    private final Database database;

    public UpstreamSessionStore(Database database) {
        this.database = database;
    }

    /**
     * A session at an identity provider.
     *
     * @param provider the name in the configuration
     * @param sealed the tokens for a check, encrypted; null if none are kept
     * @param checkedAt the time of the login or of the last check, epoch milliseconds
     */
    record UpstreamSession(String id, String sub, long authenticatedAt, String provider, ExternalIdentity identity, byte[] sealed, long checkedAt) {
    }

    /** @param sid the identifier of the session at the provider, or null */
    Future<Void> add(UpstreamSession session, String sid, long expiresAt) {
        return database.write(statements -> statements.update(INSERT, session.id(), session.sub(), session.authenticatedAt(), session.provider(),
            session.identity().issuer(), session.identity().subject(), sid, session.sealed(), session.checkedAt(), expiresAt)).mapEmpty();
    }

    Future<Optional<UpstreamSession>> ofRefreshToken(String tokenHash) {
        return first(database.read(OF_REFRESH_TOKEN, tokenHash));
    }

    Future<Optional<UpstreamSession>> ofLogin(String sub, long authenticatedAt) {
        return first(database.read(OF_LOGIN, sub, authenticatedAt));
    }

    /** Reserves the check of a session. Of several concurrent calls one gets true. */
    Future<Boolean> claim(UpstreamSession session, long now, long until) {
        return database.write(statements -> statements.update(CLAIM, until, session.id(), session.checkedAt(), now)).map(rows -> rows > 0);
    }

    /** Stores the result of a check: the time, the tokens and the groups. */
    Future<Void> checked(UpstreamSession session, byte[] sealed, List<String> groups, long at) {
        return database.write(statements -> statements.update(CHECKED, at, sealed, session.id())
            .compose(done -> UserGroupStore.replace(statements, session.sub(), session.provider(), groups, at)));
    }

    /** Ends the sessions of a logout token, with their browser sessions and grants. Returns the identifiers of the grants. */
    Future<List<String>> endAll(String provider, String sid, String subject, long at) {
        return database.write(statements -> (sid != null ? statements.query(BY_SID, provider, sid) : statements.query(BY_SUBJECT, provider, subject))
            .map(rows -> rows.stream().map(UpstreamSessionStore::session).filter(each -> subject == null || each.identity().subject().equals(subject))
                .toList())
            .compose(found -> endEach(statements, found, at)));
    }

    /** Ends one session with its browser sessions and grants. Returns the identifiers of the grants. */
    Future<List<String>> end(UpstreamSession session, long at) {
        return database.write(statements -> endEach(statements, List.of(session), at));
    }

    private static Future<List<String>> endEach(Statements statements, List<UpstreamSession> sessions, long at) {
        Future<List<String>> ended = Future.succeededFuture(new ArrayList<>());
        for (UpstreamSession session : sessions) {
            ended = ended.compose(grants -> endOne(statements, session, at).map(more -> {
                grants.addAll(more);
                return grants;
            }));
        }
        return ended;
    }

    private static Future<List<String>> endOne(Statements statements, UpstreamSession session, long at) {
        return statements.update(DELETE, session.id())
            .compose(done -> statements.update(END_SESSIONS, session.sub(), session.authenticatedAt()))
            .compose(done -> statements.update(END_DEVICES, session.sub(), session.authenticatedAt()))
            .compose(done -> statements.query(END_GRANTS, at, session.sub(), session.authenticatedAt()))
            .compose(rows -> announce(statements, rows.stream().map(row -> row.text("grant_id")).toList(), at));
    }

    private static Future<List<String>> announce(Statements statements, List<String> grants, long at) {
        Future<Integer> done = Future.succeededFuture(0);
        for (String grant : grants) {
            done = done.compose(before -> InvalidationStore.announce(statements, InvalidationKind.GRANT, grant, at));
        }
        return done.map(grants);
    }

    private static Future<Optional<UpstreamSession>> first(Future<List<SqlRow>> rows) {
        return rows.map(found -> found.stream().findFirst().map(UpstreamSessionStore::session));
    }

    private static UpstreamSession session(SqlRow row) {
        return new UpstreamSession(row.text("session_id"), row.text("sub"), row.number("authenticated_at"), row.text("provider"),
            new ExternalIdentity(row.text("issuer"), "", row.text("subject")), row.bytes("sealed"), row.number("checked_at"));
    }
}
