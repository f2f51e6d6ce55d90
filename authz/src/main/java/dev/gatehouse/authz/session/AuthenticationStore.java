package dev.gatehouse.authz.session;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;

import java.util.Optional;

/** Reads the login of a grant. */
public final class AuthenticationStore {

    private static final String FIND = """
        SELECT authorization_grant.authenticated_at, authorization_grant.methods, authorization_grant.acr, code.nonce FROM authorization_grant
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
            .map(row -> new Authentication(new LoginClaims(row.numberOrNull("authenticated_at"),
                SpaceSeparated.readOrNone(row.text("methods")), row.text("acr")), row.text("nonce"))));
    }

    /**
     * The login of a grant.
     *
     * @param login the login; without a time for grants of older versions
     * @param nonce the nonce of the authorization request, or null
     */
    public record Authentication(LoginClaims login, String nonce) {
    }
}
