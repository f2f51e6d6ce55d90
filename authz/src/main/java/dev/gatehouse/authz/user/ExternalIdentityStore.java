package dev.gatehouse.authz.user;

import io.vertx.core.Future;

import java.util.List;

/** Which accounts belong to the people whom other issuers speak of. */
public interface ExternalIdentityStore {

    /**
     * Links an identity to a user.
     *
     * @return false, changing nothing, when the identity has an account, or the account an identity of the same issuer and
     *     tenant, already; or when there is no such user
     */
    Future<Boolean> link(ExternalIdentity identity, String username, long at);

    /** Ends a link. Returns false when there is none. */
    Future<Boolean> unlink(ExternalIdentity identity);

    /** The identities of a user. */
    Future<List<ExternalIdentity>> of(String username);
}
