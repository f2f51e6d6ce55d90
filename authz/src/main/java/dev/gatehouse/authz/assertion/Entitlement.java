package dev.gatehouse.authz.assertion;

import java.util.List;

/**
 * The most that a client gets for an assertion.
 *
 * @param subject whose token it yields
 * @param use what counts once; null where it may be used again
 * @param scopeLimits each a list of scopes, none empty: nothing beyond any of them is given
 * @param resourceLimits canonical identifiers, likewise
 * @param resources those that the assertion itself asks for; empty when it says nothing
 */
record Entitlement(AssertedSubject subject, AssertedToken.Use use, List<List<String>> scopeLimits,
                          List<List<String>> resourceLimits, List<String> resources) {
}
