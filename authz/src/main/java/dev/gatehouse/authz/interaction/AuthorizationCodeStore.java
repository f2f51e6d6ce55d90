package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.token.AuthorizationCode;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** Where the front channel leaves an approval for the token endpoint to find. */
public final class AuthorizationCodeStore {

    private static final String INSERT_GRANT = """
        INSERT INTO authorization_grant (grant_id, sub, client_id, redirect_uri, scopes, resources, created_at, expires_at,
                                         authenticated_at)
        SELECT $1, $2, client.client_id, $3, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT)
        FROM client WHERE client.client_id = $9
        """;
    private static final String INSERT_CODE = """
        INSERT INTO authorization_code (code_hash, grant_id, client_id, redirect_uri, code_challenge, scopes, resources,
                                        expires_at, nonce, dpop_jkt)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private final Database database;

    public AuthorizationCodeStore(Database database) {
        this.database = database;
    }

    /**
     * Stores an approval with its code.
     *
     * @param interactionHash the interaction that is finished by it: in one transaction, only while it is
     *     unfinished, so that a form sent twice yields one code
     * @return false, storing nothing, when that interaction was finished already or its client is gone
     */
    public Future<Boolean> approve(String interactionHash, AuthorizationCode grant) {
        return database.write(statements -> SqlInteractionEnd.finish(statements, interactionHash, grant.createdAt())
            .compose(finished -> finished ? insert(statements, grant) : Future.succeededFuture(false)));
    }

    private static Future<Boolean> insert(Statements statements, AuthorizationCode grant) {
        String scopes = grant.scopes().toString();
        String resources = SpaceSeparated.write(grant.resources());
        return statements.update(INSERT_GRANT, grant.grantId(), grant.sub(), grant.redirectUri(), scopes,
                resources, grant.createdAt(), grant.grantExpiresAt(), grant.authenticatedAt(), grant.clientId())
            .compose(stored -> stored == 0 ? Future.succeededFuture(false) : insertCode(statements, grant, scopes, resources));
    }

    private static Future<Boolean> insertCode(Statements statements, AuthorizationCode grant, String scopes, String resources) {
        return statements.update(INSERT_CODE, grant.codeHash(), grant.grantId(), grant.clientId(), grant.redirectUri(), grant.codeChallenge(),
            scopes, resources, grant.codeExpiresAt(), grant.nonce(), grant.dpopJkt()).map(true);
    }
}
