package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.AccountLinking.Account;
import dev.gatehouse.authz.federation.AccountLinking.Existing;
import dev.gatehouse.authz.federation.AccountLinking.Outcome;
import dev.gatehouse.authz.federation.AccountLinking.Refused;
import dev.gatehouse.authz.federation.ProviderOptions.ProvisioningOptions;
import dev.gatehouse.authz.federation.ProviderOptions.ProvisioningOptions.Match;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores logins on their way through an identity provider, and the accounts that they lead to. */
public final class FederationStore {

    private static final String BEGIN = """
        INSERT INTO federated_login (state_hash, browser_hash, provider, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)
        """;
    /** Of several callbacks with one state the first takes it. Another browser takes nothing. */
    private static final String TAKE = """
        DELETE FROM federated_login WHERE state_hash = $1 AND browser_hash = $2 RETURNING provider, sealed, expires_at
        """;
    private static final String EXISTS = "SELECT provider FROM federated_login WHERE state_hash = $1";
    private static final String ACCOUNT = """
        SELECT user_account.sub, user_account.disabled, CASE WHEN user_account.password_hash = '%s' THEN 1 ELSE 0 END AS issuer_made,
               (SELECT COUNT(*) FROM external_identity AS own WHERE own.sub = user_account.sub AND own.issuer = $1) AS identities
        FROM user_account
        """.formatted(User.NO_PASSWORD);
    private static final String BY_IDENTITY = ACCOUNT + """
        JOIN external_identity ON external_identity.sub = user_account.sub
        WHERE external_identity.issuer = $1 AND external_identity.tenant = $2 AND external_identity.subject = $3
        """;
    private static final String BY_EMAIL = ACCOUNT + "WHERE LOWER(user_account.email) = $2";
    private static final String BY_SUB = ACCOUNT + "WHERE user_account.sub = $2";
    /** The accounts that a SCIM client has created. An account that existed before may be another person's. */
    private static final String PROVISIONED = ACCOUNT + """
        JOIN scim_user ON scim_user.sub = user_account.sub
        WHERE scim_user.client_id = $2 AND scim_user.created = 1 AND\s""";
    private static final Map<Match, String> PROVISIONED_BY = Map.of(Match.EXTERNALID, PROVISIONED + "scim_user.external_id = $3",
        Match.USERNAME, PROVISIONED + "LOWER(user_account.username) = LOWER(CAST($3 AS TEXT))",
        Match.EMAIL, PROVISIONED + "LOWER(user_account.email) = LOWER(CAST($3 AS TEXT))");
    /** The profile of an account with a password belongs to its owner. */
    private static final String REFRESH_PROFILE = """
        UPDATE user_account SET name = COALESCE(CAST($1 AS TEXT), name), email = COALESCE(CAST($2 AS TEXT), email)
        WHERE sub = $3 AND password_hash = '%s'
          AND NOT EXISTS (SELECT 1 FROM user_account AS other WHERE LOWER(other.email) = CAST($4 AS TEXT) AND other.sub <> $5)
        """.formatted(User.NO_PASSWORD);

    private final Database database;

    public FederationStore(Database database) {
        this.database = database;
    }

    /** A login on its way. @param sealed what only this server may know, encrypted for this state */
    record Pending(String provider, byte[] sealed, long expiresAt) {
    }

    /**
     * A person who has come back from the provider.
     *
     * @param linkTo the user to whom the identity is linked, or null for a login
     * @param newcomer the account that is created if there is none and the rules allow it
     */
    record Arrival(ProviderOptions options, UpstreamPerson person, String linkTo, User newcomer, long at) {
    }

    /** The account of an arrival. @param change {@link #CREATED}, {@link #LINKED}, or empty */
    record Settled(String sub, String change) {

        static final String CREATED = "account_created";
        static final String LINKED = "identity_linked";
    }

    Future<Void> begin(String stateHash, String browserHash, Pending pending) {
        return database.write(statements -> statements.update(BEGIN, stateHash, browserHash, pending.provider(), pending.sealed(),
            pending.expiresAt())).mapEmpty();
    }

    Future<Optional<Pending>> take(String stateHash, String browserHash) {
        return database.write(statements -> statements.query(TAKE, stateHash, browserHash)).map(rows -> rows.stream().findFirst()
            .map(row -> new Pending(row.text("provider"), row.bytes("sealed"), row.number("expires_at"))));
    }

    /** Returns whether another browser has started the login of this state. */
    Future<Boolean> isPending(String stateHash) {
        return database.read(EXISTS, stateHash).map(rows -> !rows.isEmpty());
    }

    /** Finds, links or creates the account and replaces its groups, in one transaction. Fails with {@link UpstreamException}, without a change. */
    Future<Settled> settle(Arrival arrival) {
        return database.write(statements -> decide(statements, arrival).compose(outcome -> outcome instanceof Refused refused
                ? Future.failedFuture(new UpstreamException(refused.fault(), "account linking"))
                : apply(statements, arrival, outcome)
                    .compose(settled -> UserGroupStore.replace(statements, settled.sub(), arrival.options().name(), arrival.person().groups(), arrival.at())
                        .map(settled))));
    }

    private static Future<Outcome> decide(Statements statements, Arrival arrival) {
        ExternalIdentity identity = arrival.person().identity();
        String email = arrival.person().verifiedEmail();
        return accounts(statements, BY_IDENTITY, identity.issuer(), identity.tenant(), identity.subject()).compose(linked ->
            arrival.linkTo() != null
                ? accounts(statements, BY_SUB, identity.issuer(), arrival.linkTo()).map(own -> own.isEmpty()
                    ? new Refused(UpstreamFault.NO_ACCOUNT) : AccountLinking.ofLink(own.get(0), linked))
                : provisioned(statements, arrival).compose(provisioned ->
                    (email == null ? Future.succeededFuture(List.<Account>of()) : accounts(statements, BY_EMAIL, identity.issuer(), email))
                        .map(sameEmail -> AccountLinking.ofLogin(arrival.options(), AdmissionRules.lacksEmail(arrival.options(), arrival.person()),
                            linked, provisioned, sameEmail))));
    }

    private static Future<List<Account>> provisioned(Statements statements, Arrival arrival) {
        ProvisioningOptions provisioning = arrival.options().provisioning();
        String value = arrival.person().provisionedAs();
        return provisioning == null || value == null ? Future.succeededFuture(List.of()) : accounts(statements,
            PROVISIONED_BY.get(provisioning.match()), arrival.person().identity().issuer(), provisioning.clientId(), value);
    }

    private static Future<List<Account>> accounts(Statements statements, String sql, Object... parameters) {
        return statements.query(sql, parameters).map(rows -> rows.stream().map(FederationStore::account).toList());
    }

    private static Account account(SqlRow row) {
        return new Account(row.text("sub"), row.number("disabled") != 0, row.number("identities") != 0, row.number("issuer_made") != 0);
    }

    private static Future<Settled> apply(Statements statements, Arrival arrival, Outcome outcome) {
        if (outcome instanceof Existing existing) {
            return existing.link() ? link(statements, arrival, existing.sub(), Settled.LINKED)
                : refreshProfile(statements, arrival, existing.sub()).map(new Settled(existing.sub(), ""));
        }
        User newcomer = arrival.newcomer();
        return UserStore.insert(statements, newcomer)
            // A local user has this name. It is not the same person, so the new account has its identifier as its name.
            .compose(added -> added > 0 ? Future.succeededFuture(added) : UserStore.insert(statements, newcomer.named(newcomer.sub())))
            .compose(added -> link(statements, arrival, newcomer.sub(), Settled.CREATED));
    }

    private static Future<Settled> link(Statements statements, Arrival arrival, String sub, String change) {
        return ExternalIdentityStore.link(statements, arrival.person().identity(), sub, arrival.at()).map(new Settled(sub, change));
    }

    private static Future<Integer> refreshProfile(Statements statements, Arrival arrival, String sub) {
        String email = arrival.person().verifiedEmail();
        return statements.update(REFRESH_PROFILE, arrival.person().name(), email, sub, email, sub);
    }
}
