package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.GrantType;
import dev.gatehouse.shared.config.StartupException;

import java.util.Collection;
import java.util.Set;

/** What holds of every client that an operator adds or changes. */
final class ClientRules {

    private ClientRules() {
    }

    /** The grants of these wire names. @throws StartupException where there is no such grant */
    static Set<String> grants(Collection<String> names) {
        require(GrantType.names().containsAll(names), "--grant is one of " + GrantType.names() + ".");
        return Set.copyOf(names);
    }

    /** Requires that a client can use its grants. Returns it. @throws StartupException that says what is missing */
    static Client usable(Client client) {
        require(!GrantType.AUTHORIZATION_CODE.isOf(client) || !client.redirectUris().isEmpty(),
            "The grant authorization_code needs a --redirect-uri.");
        for (GrantType grant : GrantType.values()) {
            require(!client.isPublic() || grant.isForPublicClients() || !grant.isOf(client),
                "The grant " + grant.wireName() + " is for confidential clients.");
        }
        return client;
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new StartupException(otherwise + " Nothing was changed.");
        }
    }
}
