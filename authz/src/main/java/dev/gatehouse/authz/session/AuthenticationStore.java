package dev.gatehouse.authz.session;

import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;

import java.util.Optional;

/** Reads the login of a grant. */
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

    /** Returns the login of a grant; empty if the grant has no user. */
    public Future<Optional<Authentication>> of(String grantId) {
        return database.read(FIND, grantId).map(rows -> rows.stream().findFirst()
            .map(row -> new Authentication(row.numberOrNull("authenticated_at"), row.text("nonce"))));
    }

    /**
     * The login of a grant.
     *
     * @param authenticatedAt when the user entered the password, epoch milliseconds; null for grants of older versions
     * @param nonce the nonce of the authorization request, or null
     */
    public record Authentication(Long authenticatedAt, String nonce) {
    }
}
