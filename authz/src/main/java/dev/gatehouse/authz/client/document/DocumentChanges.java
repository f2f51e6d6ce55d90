package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** The differences between two versions of a client metadata document, for the operator. */
public final class DocumentChanges {

    private DocumentChanges() {
    }

    /** Returns each member that differs, as {@code name: old -> new}; empty if there is no difference. */
    public static List<String> between(Client former, Client latter) {
        List<String> changes = new ArrayList<>();
        compare(changes, "client_name", former.name(), latter.name());
        compare(changes, "redirect_uris", former.redirectUris(), latter.redirectUris());
        compare(changes, "authentication", methods(former), methods(latter));
        compare(changes, "grant_types", new TreeSet<>(former.grantTypes()), new TreeSet<>(latter.grantTypes()));
        compare(changes, "scope", former.scopes(), latter.scopes());
        TreeSet<String> members = new TreeSet<>(former.metadata().members().fieldNames());
        members.addAll(latter.metadata().members().fieldNames());
        members.forEach(name -> compare(changes, name, former.metadata().members().getValue(name), latter.metadata().members().getValue(name)));
        return changes;
    }

    private static TreeSet<String> methods(Client client) {
        TreeSet<String> names = new TreeSet<>();
        client.authMethods().stream().map(ClientAuthMethod::wireName).forEach(names::add);
        return names;
    }

    private static void compare(List<String> changes, String name, Object former, Object latter) {
        if (!Objects.equals(former, latter)) {
            changes.add(name + ": " + said(former) + " -> " + said(latter));
        }
    }

    private static String said(Object value) {
        return value == null ? "(nothing)" : value.toString();
    }
}
