package dev.gatehouse.authz.assertion;

import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.SigningAlgorithm;

import java.util.Set;

/**
 * Somebody whose assertions are taken.
 *
 * @param algorithms those it may sign by
 * @param known whether the configuration names it; false for one that merely is on this machine
 */
record TrustedIssuer(TrustedIssuerOptions options, KeySource keys, Set<SigningAlgorithm> algorithms, boolean known) {

    /** @throws IllegalArgumentException where an algorithm is none that is used */
    static TrustedIssuer of(TrustedIssuerOptions options, KeySource keys, boolean known) {
        Set<SigningAlgorithm> algorithms = options.algorithms().isEmpty() ? SigningAlgorithm.all()
            : Set.copyOf(options.algorithms().stream().map(TrustedIssuer::algorithm).toList());
        return new TrustedIssuer(options, keys, algorithms, known);
    }

    private static SigningAlgorithm algorithm(String name) {
        return SigningAlgorithm.named(name).orElseThrow(() -> new IllegalArgumentException("There is no algorithm " + name));
    }
}
