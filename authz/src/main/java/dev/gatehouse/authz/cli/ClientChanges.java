package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientRules.require;

import dev.gatehouse.authz.authorize.RedirectUris;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientPolicy;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.Scopes;
import picocli.CommandLine.Option;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a client has registered, replaced by an operator. What is not named stays as it is. */
final class ClientChanges {

    @Option(names = "--name", description = "What people are told that it is called.")
    private String name;

    @Option(names = "--redirect-uri", paramLabel = "URI", description = "Where the user's browser comes back to, instead of all before; may be repeated.")
    private List<String> redirectUris;

    @Option(names = "--scope", split = "[ ,]", paramLabel = "SCOPE", description = "A scope that it may ask for, instead of all before; may be repeated.")
    private List<String> scopes;

    @Option(names = "--grant", split = "[ ,]", paramLabel = "GRANT", description = "A grant that it may use, instead of all before; may be repeated.")
    private List<String> grants;

    /** @throws StartupException that says what is wrong */
    Client applyTo(Client client, AuthzOptions options) {
        if (redirectUris != null) {
            redirectUris.forEach(uri -> RedirectUris.refusal(uri).ifPresent(refusal -> require(false, "--redirect-uri " + uri + ": " + refusal)));
        }
        require(scopes == null || options.scopeNames().containsAll(scopes), "--scope is one of " + options.scopeNames() + ".");
        Set<String> granted = grants == null ? null : ClientRules.grants(grants);
        Scopes chosen = scopes == null ? null : new Scopes(new LinkedHashSet<>(scopes));
        // A client that describes itself may do so again, and get no more by it than was decided here.
        ClientPolicy policy = client.isVouchedFor() ? client.policy() : client.policy().bounded(granted, chosen);
        Client changed = new Client(client.id(), name == null ? client.name() : name, client.secrets(), client.authMethods(),
            redirectUris == null ? client.redirectUris() : redirectUris, granted == null ? client.grantTypes() : granted,
            chosen == null ? client.scopes() : chosen, client.servedResources(), client.createdAt(),
            client.kind(), client.metadata(), policy);
        return ClientRules.usable(changed);
    }
}
