package dev.gatehouse.authz.user;

import java.util.function.BooleanSupplier;

/**
 * The place of a request in the queue of a {@link PasswordHasher}.
 *
 * @param lane requests of one lane wait for each other; different lanes take turns
 * @param isAbandoned whether the caller has disconnected and needs no result; called when the turn comes
 */
public record Turn(String lane, BooleanSupplier isAbandoned) {

    /** For work of an operator or of the start: no lane limit, never abandoned. */
    static final Turn OWN = new Turn("", () -> false);
}
