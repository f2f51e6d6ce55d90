package dev.gatehouse.authz.user;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Links between identities of other issuers and local accounts. */
public final class ExternalIdentityStore {

    private static final String INSERT = """
        INSERT INTO external_identity (issuer, tenant, subject, sub, created_at) VALUES ($1, $2, $3, $4, $5)
        """;
    private static final String LINK = """
        INSERT INTO external_identity (issuer, tenant, subject, sub, created_at)
        SELECT $1, $2, $3, user_account.sub, $4 FROM user_account WHERE user_account.username = $5
        ON CONFLICT DO NOTHING
        """;
    private static final String UNLINK = "DELETE FROM external_identity WHERE issuer = $1 AND tenant = $2 AND subject = $3 RETURNING sub";
    private static final String LIST = """
        SELECT external_identity.issuer, external_identity.tenant, external_identity.subject
        FROM external_identity JOIN user_account ON user_account.sub = external_identity.sub
        WHERE user_account.username = $1 ORDER BY external_identity.issuer, external_identity.tenant
        """;

    private final Database database;

    public ExternalIdentityStore(Database database) {
        this.database = database;
    }

    /** Links an identity that has no account. Fails if another transaction has linked it in the meantime. */
    public static Future<Integer> link(Statements statements, ExternalIdentity identity, String sub, long at) {
        return statements.update(INSERT, identity.issuer(), identity.tenant(), identity.subject(), sub, at);
    }

    /**
     * Links an identity to a user.
     *
     * @return false, without a change, if the identity has an account, the account has an identity of the same issuer and
     *     tenant, or there is no such user
     */
    public Future<Boolean> link(ExternalIdentity identity, String username, long at) {
        return database.write(statements -> statements.update(LINK, identity.issuer(), identity.tenant(), identity.subject(),
            at, username)).map(rows -> rows > 0);
    }

    /** Deletes a link. Returns the user who had it. */
    public Future<Optional<String>> unlink(ExternalIdentity identity) {
        return database.write(statements -> statements.query(UNLINK, identity.issuer(), identity.tenant(), identity.subject()))
            .map(rows -> rows.stream().findFirst().map(row -> row.text("sub")));
    }

    /** Returns the identities of a user. */
    public Future<List<ExternalIdentity>> of(String username) {
        return database.read(LIST, username).map(rows -> rows.stream()
            .map(row -> new ExternalIdentity(row.text("issuer"), row.text("tenant"), row.text("subject"))).toList());
    }

    /**
     * A user of another issuer. An identity has at most one local account, and an account has at most one identity of each issuer
     * and tenant.
     *
     * @param tenant the tenant of a multi-tenant issuer; empty for none
     * @param subject unique within issuer and tenant
     */
    public record ExternalIdentity(String issuer, String tenant, String subject) {
    }
}
