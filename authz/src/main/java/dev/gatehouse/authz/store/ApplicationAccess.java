package dev.gatehouse.authz.store;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * What a user has given one client at one redirect URI, and has not ended.
 *
 * @param since when it was last given, epoch milliseconds
 */
public record ApplicationAccess(String clientId, String name, String redirectUri, Scopes scopes, List<String> resources,
                                long since) {

    public ApplicationAccess {
        resources = List.copyOf(resources);
    }
}
