package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientDescription;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RegistrationRules;
import dev.gatehouse.authz.client.RegistrationRules.Registrable;
import dev.gatehouse.authz.client.RequestedMetadata;
import dev.gatehouse.authz.client.RequestedMetadata.Omission;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An operator's description of a client as members of a registration request, so that the same rules apply. The rules omit
 * unusable members, and the command prints the omissions.
 */
final class ClientStatement {

    private final JsonObject members = new JsonObject();
    private final Set<String> named = new HashSet<>();

    /** A client, and what was left out. */
    record Decided(Client client, List<String> omissions) {
    }

    /** Says one member, instead of what was said before; null for nothing. */
    void say(String member, Object value) {
        named.add(member);
        members.put(member, value);
    }

    void say(String member, Collection<String> texts) {
        say(member, new JsonArray(List.copyOf(texts)));
    }

    /** Says what is registered of a client already. */
    private void repeat(Client client) {
        members.mergeIn(client.metadata().members())
            .put("client_name", client.name())
            .put("token_endpoint_auth_methods_supported", new JsonArray(client.authMethods().stream().map(ClientAuthMethod::wireName).toList()))
            .put("redirect_uris", new JsonArray(client.redirectUris()))
            .put("grant_types", new JsonArray(List.copyOf(client.grantTypes())));
    }

    /** A new client. @throws StartupException where it could do nothing */
    static Decided added(String id, NewClient registration, ClientSettings settings, AuthzOptions options, List<Client.Secret> secrets, long now) {
        registration.requireSound(id);
        ClientStatement statement = new ClientStatement();
        registration.describe(statement);
        settings.describe(statement);
        Registrable decided = statement.check(options, registration.defaultGrants());
        Client client = decided.description().client(id, id, secrets, registration.served(), now, RegistrationKind.PRE_REGISTERED);
        return new Decided(requireProvisioningAlone(settings.govern(client)), decided.omissions().stream().map(Omission::toString).toList());
    }

    /** Returns a client with the new metadata. @throws StartupException if a given value cannot be used at all */
    static Decided changed(Client before, ClientChanges changes, ClientSettings settings, AuthzOptions options) {
        ClientStatement statement = new ClientStatement();
        statement.repeat(before);
        changes.describe(statement);
        settings.describe(statement);
        Registrable decided = statement.check(options, Set.of());
        statement.requireSomethingOfEach(decided);
        Client changed = requireProvisioningAlone(settings.govern(statement.changed(before, decided.description())));
        return new Decided(changed, decided.omissions().stream().filter(each -> statement.named.contains(each.member()))
            .map(Omission::toString).toList());
    }

    private Registrable check(AuthzOptions options, Set<String> defaultGrants) {
        RegistrationRules rules = RegistrationRules.ofOperator(defaultGrants, nameable(options), options.fetching().loopback(),
            Set.copyOf(options.registration().redirectSchemes()));
        try {
            return rules.check(RequestedMetadata.of(members));
        } catch (OAuthException refusal) {
            throw new StartupException(sentence(refusal.description()) + " Nothing was changed.");
        }
    }

    /** A client has the scopes of provisioning and of the administration only if they are named. */
    private List<String> nameable(AuthzOptions options) {
        List<String> own = options.issuableScopes().stream().filter(scope -> !options.scopeNames().contains(scope)).toList();
        boolean named = members.getValue("scope") instanceof String scope && List.of(scope.split(" +")).stream().anyMatch(own::contains);
        return named ? options.issuableScopes() : options.scopeNames();
    }

    /** A token with this scope is never of a user, and never of a program on the device of a user. */
    private static Client requireProvisioningAlone(Client client) {
        require(!client.scopes().contains(ScopePolicy.PROVISIONING)
            || !client.isPublic() && client.grantTypes().equals(Set.of(GrantType.CLIENT_CREDENTIALS.wireName())),
            "The scope " + ScopePolicy.PROVISIONING + " is only allowed for a confidential client with the grant client_credentials alone.");
        return client;
    }

    /** A command that changes something must not end well and leave it out. */
    private void requireSomethingOfEach(Registrable decided) {
        JsonObject registered = decided.description().toJson();
        for (String member : named) {
            boolean said = members.getValue(member) != null && !new JsonArray().equals(members.getValue(member));
            boolean left = registered.getValue(member) != null && !new JsonArray().equals(registered.getValue(member));
            require(!said || left, decided.omissions().stream().filter(each -> each.member().equals(member)).map(Omission::toString)
                .distinct().collect(Collectors.joining("; ")));
        }
    }

    private Client changed(Client before, ClientDescription decided) {
        Set<String> granted = named.contains("grant_types") ? decided.grantTypes() : null;
        var chosen = named.contains("scope") ? decided.scopes() : null;
        // A client that describes itself may do so again, and get no more by it than was decided here.
        ClientPolicy policy = before.isOperatorRegistered() ? before.policy() : before.policy().bounded(granted, chosen);
        return new Client(before.id(), named.contains("client_name") ? decided.name() : before.name(), before.secrets(), before.authMethods(),
            named.contains("redirect_uris") ? decided.redirectUris() : before.redirectUris(),
            granted == null ? before.grantTypes() : granted, chosen == null ? before.scopes() : chosen, before.servedResources(),
            before.createdAt(), before.kind(), metadata(before.metadata(), decided.metadata()), policy);
    }

    private ClientMetadata metadata(ClientMetadata before, ClientMetadata decided) {
        ClientMetadata changed = before;
        for (String member : named) {
            changed = changed.with(member, decided.members().getValue(member));
        }
        return changed;
    }

    private static String sentence(String reason) {
        return reason.endsWith(".") ? reason : reason + ".";
    }

    /** @throws StartupException unless the condition holds */
    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new StartupException(sentence(otherwise) + " Nothing was changed.");
        }
    }
}
