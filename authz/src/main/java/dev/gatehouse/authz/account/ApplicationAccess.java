package dev.gatehouse.authz.account;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * What a user has given one client at one redirect URI, and has not ended.
 *
 * @param since when it was last given, epoch milliseconds
 */
public record ApplicationAccess(String clientId, String name, String redirectUri, Scopes scopes, List<String> resources,
                                Standing standing, long since) {

    /** What the client can do with it, the most first. */
    public enum Standing {
        /** It may have tokens. */
        GRANTED,
        /** A device was approved, and has not fetched its tokens. */
        WAITING,
        /** It has no tokens, and gets some without a question when it asks. */
        REMEMBERED
    }

    public ApplicationAccess {
        resources = List.copyOf(resources);
    }
}
