package dev.gatehouse.authz.federation;

import java.util.List;

/** Decides which account a person of an identity provider has here. Pure. */
final class AccountLinking {

    private AccountLinking() {
    }

    /**
     * An account that may be the person's.
     *
     * @param identified whether it has an identity of the same issuer
     * @param issuerMade whether an issuer has created it; its address is a statement of that issuer, which binds no other one
     */
    record Account(String sub, boolean disabled, boolean identified, boolean issuerMade) {
    }

    /** The result. */
    sealed interface Outcome {
    }

    /** An existing account. @param link whether the identity is yet to be linked to it */
    record Existing(String sub, boolean link) implements Outcome {
    }

    /** A new account is created and linked. */
    record Create() implements Outcome {
    }

    record Refused(UpstreamFault fault) implements Outcome {
    }

    /**
     * Decides on a login.
     *
     * @param lacksEmail whether a new account needs a verified address that the person does not have
     * @param linked the account that is linked to the identity, if any
     * @param provisioned the accounts that the SCIM client of the provider has created for the person
     * @param sameEmail the accounts with the person's verified address
     */
    static Outcome ofLogin(ProviderOptions options, boolean lacksEmail, List<Account> linked, List<Account> provisioned,
                           List<Account> sameEmail) {
        if (!linked.isEmpty()) {
            return existing(linked.get(0), false);
        }
        if (provisioned.size() == 1 && !provisioned.get(0).identified()) {
            return existing(provisioned.get(0), true);
        }
        if (!provisioned.isEmpty()) {
            return new Refused(UpstreamFault.IDENTITY_TAKEN);
        }
        if (!sameEmail.isEmpty()) {
            // An account with another identity of this issuer is another person's, even if the issuer now states the same address.
            boolean sole = sameEmail.size() == 1 && !sameEmail.get(0).identified() && !sameEmail.get(0).issuerMade();
            return options.linkByEmail() && sole ? existing(sameEmail.get(0), true) : new Refused(UpstreamFault.ADDRESS_TAKEN);
        }
        if (!options.createAccounts() && !options.linkByEmail()) {
            return new Refused(UpstreamFault.NO_ACCOUNT);
        }
        if (lacksEmail) {
            return new Refused(UpstreamFault.UNVERIFIED_EMAIL);
        }
        return options.createAccounts() ? new Create() : new Refused(UpstreamFault.NO_ACCOUNT);
    }

    /**
     * Decides on the link to the account of a logged-in user.
     *
     * @param own the user's account
     */
    static Outcome ofLink(Account own, List<Account> linked) {
        if (linked.stream().anyMatch(account -> account.sub().equals(own.sub()))) {
            return existing(own, false);
        }
        return linked.isEmpty() && !own.identified() ? existing(own, true) : new Refused(UpstreamFault.IDENTITY_TAKEN);
    }

    private static Outcome existing(Account account, boolean link) {
        return account.disabled() ? new Refused(UpstreamFault.DISABLED) : new Existing(account.sub(), link);
    }
}
