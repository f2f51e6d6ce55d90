package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AccountMapping.Account;
import dev.gatehouse.authz.assertion.AccountMapping.Existing;
import dev.gatehouse.authz.assertion.AccountMapping.Refused;
import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject;
import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject.LocalUser;
import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject.Person;
import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.GrantStore;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.function.Supplier;

/** Stores the tokens that assertions yield. */
public final class AssertionStore {

    private static final String CLIENT_EXISTS = "SELECT client_id FROM client WHERE client_id = $1";
    private static final String BY_USERNAME = "SELECT sub, disabled, 0 AS identities FROM user_account WHERE username = $1";
    private static final String BY_IDENTITY = """
        SELECT user_account.sub, user_account.disabled, 1 AS identities
        FROM external_identity JOIN user_account ON user_account.sub = external_identity.sub
        WHERE external_identity.issuer = $1 AND external_identity.tenant = $2 AND external_identity.subject = $3
        """;
    /** Without accounts that an issuer had made: their address is that issuer's statement, which binds no other issuer. */
    private static final String BY_EMAIL = """
        SELECT user_account.sub, user_account.disabled,
               (SELECT COUNT(*) FROM external_identity WHERE external_identity.sub = user_account.sub
                  AND external_identity.issuer = $1 AND external_identity.tenant = $2) AS identities
        FROM user_account WHERE user_account.email = $3 AND user_account.password_hash <> $4
        """;

    private final Database database;

    public AssertionStore(Database database) {
        this.database = database;
    }

    /** The result for an assertion. @param token the stored token; null unless issued */
    record Outcome(Status status, AccessToken token) {
    }

    /** Only {@code ISSUED} changes anything. */
    enum Status {
        ISSUED,
        /** The assertion was used before. */
        REPLAYED,
        /** The user has no account here, or more than one. */
        NO_ACCOUNT,
        DISABLED_ACCOUNT,
        /** The client has been deleted since it authenticated. */
        NO_CLIENT
    }

    /**
     * Finds the account, marks the assertion as used and stores the token, in one transaction. Of several concurrent calls with the same
     * assertion one issues.
     */
    Future<Outcome> issue(AssertedToken asserted) {
        return database.write(statements -> statements.query(CLIENT_EXISTS, asserted.clientId())
            .compose(clients -> clients.isEmpty() ? refused(Status.NO_CLIENT) : issue(statements, asserted)));
    }

    private static Future<Outcome> issue(Statements statements, AssertedToken asserted) {
        if (asserted.subject() instanceof AssertedSubject.TheClient) {
            return use(statements, asserted, () -> AccessTokenStore.insert(statements, asserted.clientsOwn(), asserted.issue()));
        }
        return account(statements, asserted.subject()).compose(account -> account instanceof Refused refused
            ? refused(Status.valueOf(refused.reason().name()))
            : use(statements, asserted, () -> settle(statements, asserted, account).compose(sub -> insert(statements, asserted, sub))));
    }

    private static Future<AccountMapping.Outcome> account(Statements statements, AssertedSubject subject) {
        if (subject instanceof LocalUser user) {
            return statements.query(BY_USERNAME, user.username()).map(rows -> AccountMapping.ofUser(accounts(rows)));
        }
        Person person = (Person) subject;
        ExternalIdentity identity = person.identity();
        return statements.query(BY_IDENTITY, identity.issuer(), identity.tenant(), identity.subject())
            .compose(linked -> sameEmail(statements, person)
                .map(sameEmail -> AccountMapping.ofPerson(person, accounts(linked), accounts(sameEmail))));
    }

    private static Future<List<SqlRow>> sameEmail(Statements statements, Person person) {
        return !person.mayMapByEmail() ? Future.succeededFuture(List.of()) : statements.query(BY_EMAIL, person.identity().issuer(),
            person.identity().tenant(), person.verifiedEmail(), User.NO_PASSWORD);
    }

    private static List<Account> accounts(List<SqlRow> rows) {
        return rows.stream().map(row -> new Account(row.text("sub"), row.number("disabled") != 0, row.number("identities") != 0)).toList();
    }

    private static Future<Outcome> use(Statements statements, AssertedToken asserted, Supplier<Future<AccessToken>> issue) {
        AssertedToken.Use use = asserted.use();
        Future<Boolean> first = use == null ? Future.succeededFuture(true)
            : UsedIdentifierStore.use(statements, use.kind(), use.identifier(), use.expiresAt());
        return first.compose(isFirst -> isFirst ? issue.get().map(token -> new Outcome(Status.ISSUED, token)) : refused(Status.REPLAYED));
    }

    /** Makes and links what is missing. Returns the account's subject identifier. */
    private static Future<String> settle(Statements statements, AssertedToken asserted, AccountMapping.Outcome account) {
        long at = asserted.issue().at();
        if (account instanceof Existing existing) {
            return !existing.link() ? Future.succeededFuture(existing.sub())
                : ExternalIdentityStore.link(statements, ((Person) asserted.subject()).identity(), existing.sub(), at).map(existing.sub());
        }
        Person person = (Person) asserted.subject();
        String sub = person.newcomer().sub();
        return UserStore.insert(statements, person.newcomer())
            .compose(added -> ExternalIdentityStore.link(statements, person.identity(), sub, at)).map(sub);
    }

    private static Future<AccessToken> insert(Statements statements, AssertedToken asserted, String sub) {
        return GrantStore.insert(statements, asserted.grantOf(sub), asserted.issuer(), LoginClaims.NONE)
            .compose(stored -> AccessTokenStore.insert(statements, asserted.usersOwn(sub), asserted.issue()));
    }

    private static Future<Outcome> refused(Status status) {
        return Future.succeededFuture(new Outcome(status, null));
    }
}
