package dev.gatehouse.authz;

import dev.gatehouse.authz.federation.IdentityProviders;
import dev.gatehouse.authz.federation.ProviderOptions;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.SecretFile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the configuration of identity providers. */
final class FederationRules {

    private FederationRules() {
    }

    static List<String> problems(AuthzOptions options) {
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ProviderOptions provider : options.identityProviders()) {
            if (!seen.add(provider.name())) {
                problems.add("identityProviders: " + provider.name() + " is listed twice");
            }
            if (provider.provisioning() != null && !options.scim().enabled()) {
                problems.add("identityProviders: " + provider.name() + ": provisioning needs scim.enabled");
            }
            if (provider.name().equals(GroupStore.LOCAL) || provider.name().equals(RoleStore.SOURCE)) {
                problems.add("identityProviders: " + provider.name() + " is the source of the groups or the roles of this server; rename the entry");
            }
            provider.problems().forEach(problem -> problems.add("identityProviders: " + provider.name() + ": " + problem));
        }
        if (!options.passwords().enabled() && options.identityProviders().isEmpty()) {
            problems.add("passwords.enabled: set it to true, or add an entry to identityProviders; otherwise no user can log in");
        }
        return problems;
    }

    /** The files with secrets, by the setting that names them. */
    static List<SecretFile> files(AuthzOptions options, DataHome home) {
        List<SecretFile> files = new ArrayList<>();
        for (ProviderOptions provider : options.identityProviders()) {
            if (provider.clientSecretFile() != null) {
                files.add(IdentityProviders.clientSecretFile(provider, home::file));
            }
            if (provider.privateKeyFile() != null) {
                files.add(IdentityProviders.privateKeyFile(provider, home::file));
            }
        }
        return files;
    }
}
