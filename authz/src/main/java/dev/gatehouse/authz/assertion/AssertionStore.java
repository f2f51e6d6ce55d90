package dev.gatehouse.authz.assertion;

import io.vertx.core.Future;

/** The tokens that others' assertions yield. */
public interface AssertionStore {

    /**
     * Finds the account, marks the assertion as used and issues the token, all or nothing. Of many at once with the same
     * assertion exactly one is issued.
     */
    Future<AssertionOutcome> issue(AssertedToken asserted);
}
