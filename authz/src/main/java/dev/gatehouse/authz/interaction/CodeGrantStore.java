package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.token.CodeGrant;
import io.vertx.core.Future;

/** Where the front channel leaves an approval for the token endpoint to find. */
public interface CodeGrantStore {

    /**
     * Stores an approval with its code.
     *
     * @param interactionHash the interaction that is finished by it: in one transaction, only while it is
     *     unfinished, so that a form sent twice yields one code
     * @return false, storing nothing, when that interaction was finished already or its client is gone
     */
    Future<Boolean> approve(String interactionHash, CodeGrant grant);
}
