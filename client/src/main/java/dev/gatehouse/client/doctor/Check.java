package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;

import java.util.Set;
import java.util.function.Function;

/**
 * One thing that a server has to do for clients to log in and work. Its rule is a pure function of what was recorded.
 *
 * @param id the name of the check in every report
 * @param title the expectation
 * @param clause the clause of the specification
 * @param breaks the clients that fail on it, by their identifiers
 * @param advice the change to make
 */
public record Check(String id, String title, String clause, Set<String> breaks, String advice, Function<Evidence, Outcome> rule) {

    /** Checks a recorded exchange; does not apply where the walk did not get that far. */
    static Function<Evidence, Outcome> of(String step, Function<Exchange, Outcome> rule) {
        return evidence -> evidence.first(step).map(rule).orElse(NOT_REACHED);
    }

    static final Outcome NOT_REACHED = Outcome.skipped("not reached");

    Finding apply(Evidence evidence) {
        return new Finding(this, rule.apply(evidence));
    }
}
