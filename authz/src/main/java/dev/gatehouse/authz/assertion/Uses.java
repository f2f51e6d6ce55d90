package dev.gatehouse.authz.assertion;

import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.TimeChecks;
import io.vertx.core.json.JsonObject;

/** How long the use of an assertion has to be remembered. */
final class Uses {

    private Uses() {
    }

    /** Until nobody's clock takes it for valid any more, in epoch milliseconds. */
    static long until(JsonObject claims) {
        return Claims.time(claims, "exp").orElseThrow() + TimeChecks.MAX_SKEW.toMillis();
    }
}
