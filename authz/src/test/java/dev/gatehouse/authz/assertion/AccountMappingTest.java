package dev.gatehouse.authz.assertion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.assertion.AccountMapping.Account;
import dev.gatehouse.authz.assertion.AccountMapping.Create;
import dev.gatehouse.authz.assertion.AccountMapping.Existing;
import dev.gatehouse.authz.assertion.AccountMapping.Outcome;
import dev.gatehouse.authz.assertion.AccountMapping.Reason;
import dev.gatehouse.authz.assertion.AccountMapping.Refused;
import dev.gatehouse.authz.assertion.AccountMapping.Rule;
import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject.Person;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import org.junit.jupiter.api.Test;

import java.util.List;

class AccountMappingTest {

    private static final Account ALICE = new Account("alice", false, false);
    private static final Account DISABLED = new Account("alice", true, false);
    private static final Account IDENTIFIED = new Account("alice", false, true);
    private static final Outcome NONE = new Refused(Reason.NO_ACCOUNT);

    @Test
    void linkedAccountIsUsedByEveryRule() {
        for (Rule rule : Rule.values()) {
            assertThat(map(rule, "a@example.com", List.of(IDENTIFIED), List.of(new Account("bob", false, false))))
                .isEqualTo(new Existing("alice", false));
            assertThat(map(rule, null, List.of(DISABLED), List.of())).isEqualTo(new Refused(Reason.DISABLED_ACCOUNT));
        }
    }

    @Test
    void onlyAccountOfAVerifiedAddressIsLinkedByTheEmailRule() {
        assertThat(map(Rule.EMAIL, "a@example.com", List.of(), List.of(ALICE))).isEqualTo(new Existing("alice", true));
        assertThat(map(Rule.EMAIL, "a@example.com", List.of(), List.of(DISABLED))).isEqualTo(new Refused(Reason.DISABLED_ACCOUNT));
        assertThat(map(Rule.EMAIL, "a@example.com", List.of(), List.of(IDENTIFIED))).isEqualTo(NONE);
        assertThat(map(Rule.EMAIL, "a@example.com", List.of(), List.of(ALICE, new Account("bob", false, false)))).isEqualTo(NONE);
        assertThat(map(Rule.EMAIL, "a@example.com", List.of(), List.of())).isEqualTo(NONE);
        assertThat(map(Rule.EMAIL, null, List.of(), List.of(ALICE))).isEqualTo(NONE);
        assertThat(map(Rule.LINKED, "a@example.com", List.of(), List.of(ALICE))).isEqualTo(NONE);
    }

    @Test
    void newAccountIsMadeByTheCreatedRuleAlone() {
        assertThat(map(Rule.CREATED, null, List.of(), List.of())).isEqualTo(new Create());
        assertThat(map(Rule.CREATED, "a@example.com", List.of(), List.of(ALICE))).isEqualTo(new Create());
        assertThat(map(Rule.LINKED, null, List.of(), List.of())).isEqualTo(NONE);
    }

    @Test
    void namedUserIsUsedUnlessDisabledOrMissing() {
        assertThat(AccountMapping.ofUser(List.of(ALICE))).isEqualTo(new Existing("alice", false));
        assertThat(AccountMapping.ofUser(List.of(DISABLED))).isEqualTo(new Refused(Reason.DISABLED_ACCOUNT));
        assertThat(AccountMapping.ofUser(List.of())).isEqualTo(NONE);
    }

    private static Outcome map(Rule rule, String email, List<Account> linked, List<Account> sameEmail) {
        return AccountMapping.ofPerson(new Person(new ExternalIdentity("https://i.example", "", "subject"), rule, email, null), linked, sameEmail);
    }
}
