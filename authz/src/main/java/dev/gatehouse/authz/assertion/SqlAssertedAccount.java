package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertedSubject.Person;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/**
 * The account of a person whom another issuer speaks of, as far as it was found without changing anything.
 *
 * @param sub of an account that exists; null for none
 * @param newcomer whom to link to that account, or make one for; null where nothing is left to do
 */
record SqlAssertedAccount(String sub, boolean isDisabled, Person newcomer) {

    private static final String BY_IDENTITY = """
        SELECT user_account.sub, user_account.disabled
        FROM external_identity JOIN user_account ON user_account.sub = external_identity.sub
        WHERE external_identity.issuer = $1 AND external_identity.tenant = $2 AND external_identity.subject = $3
        """;
    /**
     * Who has an identity of this issuer already is somebody else, whatever the issuer says of the address now. And the address
     * of an account that an issuer had made is that issuer's word, which binds no other.
     */
    private static final String BY_EMAIL = """
        SELECT user_account.sub, user_account.disabled,
               (SELECT COUNT(*) FROM external_identity WHERE external_identity.sub = user_account.sub
                  AND external_identity.issuer = $1 AND external_identity.tenant = $2) AS identities
        FROM user_account WHERE user_account.email = $3 AND user_account.password_hash <> $4
        """;

    boolean isMissing() {
        return sub == null && newcomer == null;
    }

    static SqlAssertedAccount existing(List<SqlRow> rows) {
        return rows.isEmpty() ? new SqlAssertedAccount(null, false, null) : of(rows.get(0), null);
    }

    static Future<SqlAssertedAccount> find(Statements statements, Person person) {
        ExternalIdentity identity = person.identity();
        return statements.query(BY_IDENTITY, identity.issuer(), identity.tenant(), identity.subject())
            .compose(rows -> rows.isEmpty() ? byRule(statements, person) : Future.succeededFuture(existing(rows)));
    }

    private static Future<SqlAssertedAccount> byRule(Statements statements, Person person) {
        if (person.rule() == AccountRule.CREATED) {
            return Future.succeededFuture(new SqlAssertedAccount(null, false, person));
        }
        if (person.rule() == AccountRule.LINKED || person.verifiedEmail() == null) {
            return Future.succeededFuture(existing(List.of()));
        }
        return statements.query(BY_EMAIL, person.identity().issuer(), person.identity().tenant(), person.verifiedEmail(), User.NO_PASSWORD)
            .map(rows -> rows.size() == 1 && rows.get(0).number("identities") == 0 ? of(rows.get(0), person) : existing(List.of()));
    }

    private static SqlAssertedAccount of(SqlRow row, Person toLink) {
        return new SqlAssertedAccount(row.text("sub"), row.number("disabled") != 0, toLink);
    }

    /** Makes and links what is missing. Returns the account's subject identifier. */
    Future<String> settle(Statements statements, long at) {
        if (newcomer == null) {
            return Future.succeededFuture(sub);
        }
        if (sub != null) {
            return ExternalIdentityStore.link(statements, newcomer.identity(), sub, at).map(sub);
        }
        String made = newcomer.newcomer().sub();
        return UserStore.insert(statements, newcomer.newcomer())
            .compose(added -> ExternalIdentityStore.link(statements, newcomer.identity(), made, at)).map(made);
    }
}
