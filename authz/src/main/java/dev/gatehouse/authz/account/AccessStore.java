package dev.gatehouse.authz.account;

import dev.gatehouse.authz.account.AccessStore.ApplicationAccess.Standing;
import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and revokes the access that users have granted. */
public final class AccessStore {

    private static final String LIST = """
        SELECT given.client_id, client.name, given.redirect_uri, given.scopes, given.resources, given.standing,
               MAX(given.since) AS since, MAX(given.refreshed_at) AS refreshed_at, MAX(given.issued_at) AS issued_at
        FROM (
            SELECT client_id, redirect_uri, scopes, resources, 'GRANTED' AS standing, created_at AS since,
                   (SELECT MAX(issued_at) FROM refresh_token WHERE refresh_token.grant_id = authorization_grant.grant_id) AS refreshed_at,
                   (SELECT MAX(issued_at) FROM access_token WHERE access_token.grant_id = authorization_grant.grant_id) AS issued_at
            FROM authorization_grant WHERE sub = $1 AND revoked_at IS NULL AND expires_at > $2
            UNION ALL
            SELECT client_id, '""" + GrantType.DEVICE_CODE.wireName() + """
        ', scopes, resources, 'WAITING', decided_at, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
            FROM device_authorization WHERE sub = $1 AND state = 'approved' AND expires_at > $2
            UNION ALL
            SELECT client_id, redirect_uri, scopes, resources, 'REMEMBERED', granted_at, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT) FROM consent WHERE sub = $1
        ) AS given JOIN client ON client.client_id = given.client_id
        GROUP BY given.client_id, client.name, given.redirect_uri, given.scopes, given.resources, given.standing
        ORDER BY since DESC
        """;
    private static final String ADDRESSES = """
        SELECT redirect_uri FROM authorization_grant WHERE sub = $1 AND client_id = $2 AND revoked_at IS NULL
        UNION SELECT redirect_uri FROM consent WHERE sub = $1 AND client_id = $2
        """;
    private static final String SCOPES_OF_GRANTS = """
        SELECT DISTINCT scopes FROM authorization_grant
        WHERE sub = $1 AND client_id = $2 AND redirect_uri = $3 AND revoked_at IS NULL
        """;
    private static final String NARROW_GRANTS = """
        UPDATE authorization_grant SET scopes = $1
        WHERE sub = $2 AND client_id = $3 AND redirect_uri = $4 AND scopes = $5 AND revoked_at IS NULL
        """;
    private static final String NARROW_CODES = """
        UPDATE authorization_code SET scopes = $1 WHERE consumed_at IS NULL AND scopes = $2 AND grant_id IN (
            SELECT grant_id FROM authorization_grant WHERE sub = $3 AND client_id = $4 AND redirect_uri = $5 AND revoked_at IS NULL)
        """;
    private static final String END_SCOPES = """
        UPDATE authorization_grant SET revoked_at = $1
        WHERE sub = $2 AND client_id = $3 AND redirect_uri = $4 AND scopes = $5 AND revoked_at IS NULL RETURNING grant_id
        """;
    private static final String END = """
        UPDATE authorization_grant SET revoked_at = $1
        WHERE sub = $2 AND client_id = $3 AND redirect_uri = $4 AND revoked_at IS NULL RETURNING grant_id
        """;
    private static final String END_DEVICES = """
        UPDATE device_authorization SET state = 'denied'
        WHERE sub = $1 AND client_id = $2 AND state = 'approved' AND $3 = '""" + GrantType.DEVICE_CODE.wireName() + "'";
    private static final String FORGET = "DELETE FROM consent WHERE sub = $1 AND client_id = $2 AND redirect_uri = $3";
    private static final String FORGET_OTHER_BROWSERS = "DELETE FROM known_browser WHERE sub = $1 AND browser_hash <> $2";

    private final Database database;

    public AccessStore(Database database) {
        this.database = database;
    }

    /** The access of a user's applications at this time, newest first. */
    public Future<List<ApplicationAccess>> of(String sub, long now) {
        return database.read(LIST, sub, now).map(rows -> {
            Map<List<String>, ApplicationAccess> byPlace = new LinkedHashMap<>();
            rows.forEach(row -> byPlace.merge(List.of(row.text("client_id"), RedirectUris.withoutLoopbackPort(row.text("redirect_uri"))),
                access(row), AccessStore::both));
            return List.copyOf(byPlace.values());
        });
    }

    private static ApplicationAccess access(SqlRow row) {
        return new ApplicationAccess(row.text("client_id"), row.text("name"), row.text("redirect_uri"),
            Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources")), Standing.valueOf(row.text("standing")),
            row.number("since"), later(row.numberOrNull("refreshed_at"), row.numberOrNull("issued_at")));
    }

    private static ApplicationAccess both(ApplicationAccess newer, ApplicationAccess older) {
        return new ApplicationAccess(newer.clientId(), newer.name(), newer.redirectUri(),
            new Scopes(union(newer.scopes().values(), older.scopes().values())),
            List.copyOf(union(newer.resources(), older.resources())),
            newer.standing().compareTo(older.standing()) <= 0 ? newer.standing() : older.standing(), newer.since(),
            later(newer.usedAt(), older.usedAt()));
    }

    private static Long later(Long one, Long other) {
        return one == null || other == null ? one == null ? other : one : Long.valueOf(Math.max(one, other));
    }

    private static Set<String> union(Collection<String> some, Collection<String> more) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return all;
    }

    /**
     * Revokes all grants of a user for a client and redirect URI, with any loopback port, with their codes and tokens,
     * and approvals without a token request of the device. Deletes the remembered consent and the user's known browsers except one.
     *
     * @param browserHash the current browser of the user
     * @return the revoked grants
     */
    public Future<List<String>> end(String sub, String clientId, String redirectUri, String browserHash, long at) {
        return database.write(statements -> statements.update(END_DEVICES, sub, clientId, redirectUri)
            .compose(devices -> UserStore.lock(statements, sub))
            .compose(locked -> statements.query(ADDRESSES, sub, clientId))
            .map(rows -> rows.stream().map(row -> row.text("redirect_uri")).filter(each -> RedirectUris.matches(redirectUri, each)).toList())
            .compose(addresses -> endAt(statements, sub, clientId, addresses, at))
            .compose(ended -> announce(statements, ended, at)
                .compose(announced -> statements.update(FORGET_OTHER_BROWSERS, sub, browserHash)).map(ended)));
    }

    /**
     * Reduces the scopes of all grants of a user for a client and redirect URI, with any loopback port. The client gets them at its next
     * refresh. A grant that keeps no scope ends. Forgets the remembered consent, so that the client gets no more without a question.
     *
     * @param kept the scopes that stay
     * @return whether a grant has changed
     */
    public Future<Boolean> narrow(String sub, String clientId, String redirectUri, Scopes kept, long at) {
        return database.write(statements -> UserStore.lock(statements, sub)
            .compose(locked -> statements.query(ADDRESSES, sub, clientId))
            .map(rows -> rows.stream().map(row -> row.text("redirect_uri")).filter(each -> RedirectUris.matches(redirectUri, each)).toList())
            .compose(addresses -> {
                Future<Boolean> changed = Future.succeededFuture(false);
                for (String address : addresses) {
                    changed = changed.compose(before -> narrowAt(statements, List.of(sub, clientId, address), kept, at).map(now -> before || now));
                }
                return changed;
            }));
    }

    private static Future<Boolean> narrowAt(Statements statements, List<String> place, Scopes kept, long at) {
        return statements.query(SCOPES_OF_GRANTS, place.toArray())
            .compose(rows -> {
                Future<Boolean> changed = Future.succeededFuture(false);
                for (SqlRow row : rows) {
                    String before = row.text("scopes");
                    String after = Scopes.parse(before).intersect(kept.values()).toString();
                    changed = changed.compose(earlier -> after.equals(before) ? Future.succeededFuture(earlier)
                        : narrow(statements, place, before, after, at).map(true));
                }
                return changed;
            })
            .compose(changed -> changed ? statements.update(FORGET, place.toArray()).map(true) : Future.succeededFuture(false));
    }

    private static Future<Integer> narrow(Statements statements, List<String> place, String before, String after, long at) {
        if (after.isEmpty()) {
            return statements.query(END_SCOPES, at, place.get(0), place.get(1), place.get(2), before)
                .compose(rows -> announce(statements, rows.stream().map(row -> row.text("grant_id")).toList(), at));
        }
        return statements.update(NARROW_GRANTS, after, place.get(0), place.get(1), place.get(2), before)
            .compose(grants -> statements.update(NARROW_CODES, after, before, place.get(0), place.get(1), place.get(2)));
    }

    private static Future<List<String>> endAt(Statements statements, String sub, String clientId, List<String> addresses, long at) {
        Future<List<String>> ended = Future.succeededFuture(new ArrayList<>());
        for (String address : addresses) {
            ended = ended.compose(all -> statements.query(END, at, sub, clientId, address)
                .onSuccess(rows -> rows.forEach(row -> all.add(row.text("grant_id"))))
                .compose(rows -> statements.update(FORGET, sub, clientId, address)).map(all));
        }
        return ended;
    }

    private static Future<Integer> announce(Statements statements, List<String> ended, long at) {
        Future<Integer> announced = Future.succeededFuture(0);
        for (String grantId : ended) {
            announced = announced.compose(before ->
                InvalidationStore.announce(statements, InvalidationKind.GRANT, grantId, at));
        }
        return announced;
    }

    /**
     * The access of one client at one redirect URI.
     *
     * @param since when it was last granted, epoch milliseconds
     * @param usedAt when the client last got tokens, epoch milliseconds; null if it has none
     */
    record ApplicationAccess(String clientId, String name, String redirectUri, Scopes scopes, List<String> resources,
                                    Standing standing, long since, Long usedAt) {

        /** The state of the access, strongest first. */
        public enum Standing {
            /** The client may have tokens. */
            GRANTED,
            /** A device was approved but has no tokens yet. */
            WAITING,
            /** The client has no tokens, but gets some without a new consent. */
            REMEMBERED
        }

        public ApplicationAccess {
            resources = List.copyOf(resources);
        }
    }
}
