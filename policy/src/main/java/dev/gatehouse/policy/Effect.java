package dev.gatehouse.policy;

import java.util.Locale;

/** The effects of rules, in the order in which rules are evaluated: a rule has its effect on each call that it matches. */
public enum Effect {
    /** Refuses the call. */
    DENY,
    /** Allows the call. */
    ALLOW,
    /** Requires a recent or stronger authentication (RFC 9470). */
    REQUIRE_STEP_UP,
    /** Requires the approval of the user, for each call. */
    REQUIRE_APPROVAL;

    /** {@return the name in a policy file} */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
