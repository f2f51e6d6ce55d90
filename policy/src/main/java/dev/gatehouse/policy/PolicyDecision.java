package dev.gatehouse.policy;

/**
 * The outcome of a policy for a call.
 *
 * @param effect what happens to the call
 * @param rule the name of the rule that decides; null if no rule matches
 * @param failed whether the rule could not be evaluated, which refuses the call
 */
public record PolicyDecision(Effect effect, String rule, boolean failed) {
}
