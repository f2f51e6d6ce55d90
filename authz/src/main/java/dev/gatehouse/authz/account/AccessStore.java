package dev.gatehouse.authz.account;

import io.vertx.core.Future;

import java.util.List;

/** What users have given, as they see it and take it back. */
public interface AccessStore {

    /** What a user's applications may do at this time, the newest first. */
    Future<List<ApplicationAccess>> of(String sub, long now);

    /**
     * Ends all grants that a user gave a client at a redirect URI, with their codes and tokens, and the approvals that a
     * device has not fetched. Forgets the consent, and the user's known browsers but for one.
     *
     * @param browserHash the browser in which the user ends it
     * @return the grants that ended by it
     */
    Future<List<String>> end(String sub, String clientId, String redirectUri, String browserHash, long at);
}
