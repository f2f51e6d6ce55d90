package dev.gatehouse.authz.token;

import io.vertx.core.Future;

/** Where codes are turned into tokens, each at most once. */
public interface CodeRedemptionStore {

    /**
     * Redeems a code in one transaction. A refused attempt leaves the code as it was, but that wrong verifiers are
     * counted and a few of them end it.
     */
    Future<RedemptionOutcome> redeem(Redemption redemption);
}
