package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;

/** Whose token an assertion yields. */
public sealed interface AssertedSubject {

    /** The client's own. */
    record TheClient() implements AssertedSubject {
    }

    /** A user's, who is known by name here. */
    record LocalUser(String username) implements AssertedSubject {
    }

    /**
     * That of a person whom another issuer speaks of.
     *
     * @param rule how the account is found
     * @param verifiedEmail the person's, or null where the issuer does not vouch for it
     * @param newcomer the account to make where there is none and the rule allows it
     */
    record Person(ExternalIdentity identity, AccountRule rule, String verifiedEmail, User newcomer) implements AssertedSubject {
    }
}
