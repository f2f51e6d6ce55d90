package dev.gatehouse.authz.client.auth;

/** Bounds how many fetches of clients' documents one source may cause. */
@FunctionalInterface
public interface FetchAllowance {

    /**
     * Counts a request that names a client, if a document has to be fetched for it.
     *
     * @param clientId as it was sent, or null
     * @param source whom to count it against
     * @throws dev.gatehouse.shared.oauth.OAuthException {@code slow_down} when it is one too many
     */
    void require(String clientId, String source);
}
