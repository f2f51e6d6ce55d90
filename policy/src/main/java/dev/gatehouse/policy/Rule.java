package dev.gatehouse.policy;

import java.util.List;

/**
 * A rule of a policy.
 *
 * @param name unique in the policy
 * @param effect what the rule does with a call that it matches
 * @param when the condition
 * @param message the text for the caller, or the question of an approval; null for the standard text
 * @param acrValues for a step-up: the authentication contexts that are sufficient; empty for any
 * @param maxAgeSeconds for a step-up: the maximum age of the authentication; null for any
 */
record Rule(String name, Effect effect, Condition when, String message, List<String> acrValues, Integer maxAgeSeconds) {

    Rule {
        acrValues = List.copyOf(acrValues);
    }
}
