package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionOutcome.Status;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.SqlGrantStatements;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** The tokens that others' assertions yield. */
public final class AssertionStore {

    private static final String CLIENT_EXISTS = "SELECT client_id FROM client WHERE client_id = $1";
    private static final String BY_USERNAME = "SELECT sub, disabled FROM user_account WHERE username = $1";
    private static final String INSERT_GRANT = """
        INSERT INTO authorization_grant (grant_id, sub, client_id, redirect_uri, scopes, resources, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private final Database database;

    public AssertionStore(Database database) {
        this.database = database;
    }

    /**
     * Finds the account, marks the assertion as used and issues the token, all or nothing. Of many at once with the same
     * assertion exactly one is issued.
     */
    public Future<AssertionOutcome> issue(AssertedToken asserted) {
        return database.write(statements -> statements.query(CLIENT_EXISTS, asserted.clientId())
            .compose(clients -> clients.isEmpty() ? refused(Status.NO_CLIENT) : issue(statements, asserted)));
    }

    private static Future<AssertionOutcome> issue(Statements statements, AssertedToken asserted) {
        if (asserted.subject() instanceof AssertedSubject.TheClient) {
            return use(statements, asserted, () -> insert(statements, asserted, asserted.clientId(), null));
        }
        return account(statements, asserted.subject()).compose(account -> {
            if (account.isDisabled()) {
                return refused(Status.DISABLED_ACCOUNT);
            }
            return account.isMissing() ? refused(Status.NO_ACCOUNT)
                : use(statements, asserted, () -> account.settle(statements, asserted.issue().at())
                    .compose(sub -> insertGrant(statements, asserted, sub)
                        .compose(stored -> insert(statements, asserted, sub, asserted.grantId()))));
        });
    }

    private static Future<SqlAssertedAccount> account(Statements statements, AssertedSubject subject) {
        if (subject instanceof AssertedSubject.LocalUser user) {
            return statements.query(BY_USERNAME, user.username()).map(SqlAssertedAccount::existing);
        }
        return SqlAssertedAccount.find(statements, (AssertedSubject.Person) subject);
    }

    private interface Issue {
        Future<AssertionOutcome> run();
    }

    private static Future<AssertionOutcome> use(Statements statements, AssertedToken asserted, Issue issue) {
        AssertedToken.Use use = asserted.use();
        Future<Boolean> first = use == null ? Future.succeededFuture(true)
            : UsedIdentifierStore.use(statements, use.kind(), use.identifier(), use.expiresAt());
        return first.compose(isFirst -> isFirst ? issue.run() : refused(Status.REPLAYED));
    }

    private static Future<Integer> insertGrant(Statements statements, AssertedToken asserted, String sub) {
        IssueRequest issue = asserted.issue();
        return statements.update(INSERT_GRANT, asserted.grantId(), sub, asserted.clientId(), asserted.issuer(),
            asserted.scopes().toString(), SpaceSeparated.write(asserted.resources()), issue.at(), issue.at() + issue.accessMillis());
    }

    private static Future<AssertionOutcome> insert(Statements statements, AssertedToken asserted, String sub, String grantId) {
        IssueRequest issue = asserted.issue();
        return SqlGrantStatements.insertAccess(statements, new AccessToken(issue.accessHash(), grantId, asserted.clientId(), sub,
                asserted.scopes(), asserted.resources(), issue.at(), issue.at() + issue.accessMillis(), issue.confirmation()))
            .map(token -> new AssertionOutcome(Status.ISSUED, token));
    }

    private static Future<AssertionOutcome> refused(Status status) {
        return Future.succeededFuture(AssertionOutcome.refused(status));
    }
}
