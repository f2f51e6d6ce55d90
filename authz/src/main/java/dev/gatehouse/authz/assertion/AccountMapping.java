package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject.Person;

import java.util.List;

/** Account mapping: decides which account an identity of another issuer has here. Pure. */
final class AccountMapping {

    private AccountMapping() {
    }

    /** The reach of the mapping. */
    enum Rule {
        /** The issuer's identity assertions are rejected before any mapping. */
        NONE,
        /** Only to an account that is linked to the identity already. */
        LINKED,
        /** Also to the only account with the email address that the issuer has verified. It is linked from then on. */
        EMAIL,
        /** Also to a new account without a password, which is linked from then on. */
        CREATED
    }

    /**
     * An account that may be the person's.
     *
     * @param identified whether it has an identity of the same issuer and tenant
     */
    record Account(String sub, boolean disabled, boolean identified) {
    }

    /** The result of the mapping. */
    sealed interface Outcome {
    }

    /** An existing account. @param link whether the identity is yet to be linked to it */
    record Existing(String sub, boolean link) implements Outcome {
    }

    /** A new account is made and linked. */
    record Create() implements Outcome {
    }

    record Refused(Reason reason) implements Outcome {
    }

    enum Reason {
        /** There is no account, or more than one. */
        NO_ACCOUNT,
        DISABLED_ACCOUNT
    }

    /** The account of a user who is named. */
    static Outcome ofUser(List<Account> named) {
        return named.isEmpty() ? new Refused(Reason.NO_ACCOUNT) : existing(named.get(0), false);
    }

    /**
     * The account of a person.
     *
     * @param linked the account that is linked to the identity, if any
     * @param sameEmail the accounts with a password and the verified address of the person
     */
    static Outcome ofPerson(Person person, List<Account> linked, List<Account> sameEmail) {
        if (!linked.isEmpty()) {
            return existing(linked.get(0), false);
        }
        if (person.rule() == Rule.CREATED) {
            return new Create();
        }
        // An account with another identity of this issuer is another person's, even if the issuer now states the same address.
        boolean sole = person.mayMapByEmail() && sameEmail.size() == 1 && !sameEmail.get(0).identified();
        return sole ? existing(sameEmail.get(0), true) : new Refused(Reason.NO_ACCOUNT);
    }

    private static Outcome existing(Account account, boolean link) {
        return account.disabled() ? new Refused(Reason.DISABLED_ACCOUNT) : new Existing(account.sub(), link);
    }
}
