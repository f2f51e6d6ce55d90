package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.client.TokenFormat;
import dev.gatehouse.shared.oauth.ResourceId;

import java.util.List;

/**
 * A protected resource that a token may be requested for.
 *
 * @param name on the pages; null for the name in the resource's own metadata
 * @param scopes the scopes that the resource uses; empty for all
 * @param tokenFormat of the access tokens for it; null for the format of {@code tokens}
 */
public record ResourceOptions(ResourceId resource, String name, List<String> scopes, TokenFormat tokenFormat) {

    public ResourceOptions {
        scopes = List.copyOf(scopes);
    }
}
