package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;

/** The subject of the token that an assertion yields. */
public sealed interface AssertedSubject {

    /** The client itself. */
    record TheClient() implements AssertedSubject {
    }

    /** A user of this server, by name. */
    record LocalUser(String username) implements AssertedSubject {
    }

    /**
     * A person, as another issuer identifies them.
     *
     * @param verifiedEmail the address that the issuer has verified, or null
     * @param newcomer the account to make if there is none and the rule allows it
     */
    record Person(ExternalIdentity identity, AccountMapping.Rule rule, String verifiedEmail, User newcomer) implements AssertedSubject {

        boolean mayMapByEmail() {
            return rule == AccountMapping.Rule.EMAIL && verifiedEmail != null;
        }
    }
}
