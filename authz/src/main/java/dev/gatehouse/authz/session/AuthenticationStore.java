package dev.gatehouse.authz.session;

import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;

import java.util.Optional;

/** The logins that grants rest on. */
public final class AuthenticationStore {

    private static final String FIND = """
        SELECT authorization_grant.authenticated_at, code.nonce FROM authorization_grant
        LEFT JOIN authorization_code AS code ON code.grant_id = authorization_grant.grant_id
        WHERE authorization_grant.grant_id = $1
        """;

    private final Database database;

    public AuthenticationStore(Database database) {
        this.database = database;
    }

    /** The login behind a grant; nothing where no person has given it. */
    public Future<Optional<Authentication>> of(String grantId) {
        return database.read(FIND, grantId).map(rows -> rows.stream().findFirst()
            .map(row -> new Authentication(row.numberOrNull("authenticated_at"), row.text("nonce"))));
    }

    /**
     * How the person of a grant had proved who they are.
     *
     * @param authenticatedAt when they gave a password, epoch milliseconds; null for grants of before this was kept
     * @param nonce of the authorization request, or null
     */
    public record Authentication(Long authenticatedAt, String nonce) {
    }
}
