package dev.gatehouse.authz.account;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * The access of one client at one redirect URI.
 *
 * @param since when it was last granted, epoch milliseconds
 */
public record ApplicationAccess(String clientId, String name, String redirectUri, Scopes scopes, List<String> resources,
                                Standing standing, long since) {

    /** The state of the access, strongest first. */
    public enum Standing {
        /** The client may have tokens. */
        GRANTED,
        /** A device was approved but has no tokens yet. */
        WAITING,
        /** The client has no tokens, but gets some without a new consent. */
        REMEMBERED
    }

    public ApplicationAccess {
        resources = List.copyOf(resources);
    }
}
