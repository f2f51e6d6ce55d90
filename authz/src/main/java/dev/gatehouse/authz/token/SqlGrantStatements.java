package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.SqlInvalidations;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.CurrentAllowance;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/** The steps that several transactions on a grant have in common. */
public final class SqlGrantStatements {

    private static final String INSERT_ACCESS = """
        INSERT INTO access_token (token_hash, grant_id, client_id, sub, scopes, audience, issued_at, expires_at,
                                  confirmation)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;
    private static final String INSERT_REFRESH = """
        INSERT INTO refresh_token (token_hash, grant_id, client_id, issued_at, expires_at, confirmation)
        VALUES ($1, $2, $3, $4, $5, $6)
        """;
    private static final String REVOKE = """
        UPDATE authorization_grant SET revoked_at = $1 WHERE grant_id = $2 AND revoked_at IS NULL
        """;

    private SqlGrantStatements() {
    }

    public static Future<AccessToken> insertAccess(Statements statements, AccessToken token) {
        return statements.update(INSERT_ACCESS, token.hash(), token.grantId(), token.clientId(), token.sub(),
            token.scopes().toString(), SpaceSeparated.write(token.audience()), token.issuedAt(), token.expiresAt(),
            stored(token.confirmation())).map(token);
    }

    static String stored(Confirmation confirmation) {
        return confirmation == null ? null : confirmation.stored();
    }

    /** When a refresh token expires that lies unused from now on: never after its grant. */
    static long refreshExpiry(SqlRow grant, IssueRequest issue) {
        return Math.min(issue.at() + issue.refreshIdleMillis(), grant.number("grant_expires_at"));
    }

    public static Future<Integer> insertRefresh(Statements statements, SqlRow grant, IssueRequest issue) {
        return statements.update(INSERT_REFRESH, issue.refreshHash(), grant.text("grant_id"), grant.text("client_id"),
            issue.at(), refreshExpiry(grant, issue),
            stored(issue.refreshConfirmation()));
    }

    /**
     * The access token that a grant yields: never one that outlives it, or that its client may not have by now. Empty scopes
     * and resources stand for all.
     */
    public static AccessToken accessToken(SqlRow grant, Scopes scopes, List<String> resources, IssueRequest issue) {
        CurrentAllowance limits = issue.limits();
        List<String> targets = limits.resources(targets(grant, resources, limits));
        Scopes given = limits.scopes(scopes.isEmpty() ? Scopes.parse(grant.text("scopes")) : scopes, targets);
        List<String> audience = limits.audience(targets, given, !resources.isEmpty(), issue.confirmation() != null);
        return new AccessToken(issue.accessHash(), grant.text("grant_id"), grant.text("client_id"), grant.text("sub"),
            limits.scopes(given, audience), audience, issue.at(),
            Math.min(issue.at() + issue.accessMillis(), grant.number("grant_expires_at")), issue.confirmation());
    }

    static boolean hasEnded(SqlRow grant, long at) {
        return grant.numberOrNull("grant_revoked_at") != null || grant.number("user_disabled") != 0
            || grant.number("grant_expires_at") <= at;
    }

    private static List<String> targets(SqlRow grant, List<String> resources, CurrentAllowance limits) {
        return resources.isEmpty() ? reached(grant, limits) : asGranted(resources, reached(grant, limits));
    }

    private static List<String> reached(SqlRow grant, CurrentAllowance limits) {
        return limits.reached(SpaceSeparated.read(grant.text("resources")), Scopes.parse(grant.text("scopes")));
    }

    /** Whether all of these resources are in a grant. */
    public static boolean covers(SqlRow grant, List<String> resources) {
        List<String> granted = SpaceSeparated.read(grant.text("resources"));
        return granted.containsAll(asGranted(resources, granted));
    }

    /** Whether a grant yields a token for these resources, or for any where none is named, that is good for something there. */
    public static boolean covers(SqlRow grant, List<String> resources, CurrentAllowance limits) {
        List<String> asked = asGranted(resources, reached(grant, limits));
        List<String> targets = limits.resources(targets(grant, resources, limits));
        Scopes granted = Scopes.parse(grant.text("scopes"));
        return reached(grant, limits).containsAll(asked) && !targets.isEmpty() && targets.containsAll(asked)
            && (granted.isEmpty() || !limits.scopes(granted, targets).isEmpty());
    }

    /** Whether a token for these resources, or for all where none is named, may have all of these scopes by now. */
    static boolean allows(SqlRow grant, Scopes scopes, List<String> resources, CurrentAllowance limits) {
        return limits.scopes(scopes, limits.resources(targets(grant, resources, limits))).containsAll(scopes);
    }

    /** Resources as they are called in the grant, which may differ by a slash at the end. */
    private static List<String> asGranted(List<String> resources, List<String> granted) {
        return resources.stream().map(each -> {
            String other = new ResourceId(each).withOtherEnding().value();
            return !granted.contains(each) && granted.contains(other) ? other : each;
        }).distinct().toList();
    }

    /** Ends a grant with all its codes and tokens. Returns whether it was live. */
    static Future<Boolean> revoke(Statements statements, String grantId, long at) {
        return statements.update(REVOKE, at, grantId)
            .compose(rows -> rows == 0 ? Future.succeededFuture(false)
                : SqlInvalidations.announce(statements, InvalidationKind.GRANT, grantId, at).map(true));
    }
}
