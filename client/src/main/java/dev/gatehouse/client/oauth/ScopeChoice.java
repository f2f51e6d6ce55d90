package dev.gatehouse.client.oauth;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Chooses the scopes to request (specification of MCP, scope selection strategy). Pure. */
final class ScopeChoice {

    private static final String OFFLINE_ACCESS = "offline_access";

    private ScopeChoice() {
    }

    /**
     * The {@code scope} parameter, or null for none: the configured one, else the challenge's, else all that the resource supports.
     * With scopes that were asked for before, the union of both, so that a step-up loses none. {@code offline_access} is added
     * where the authorization server has it, since this client keeps refresh tokens.
     */
    static String choose(String configured, Optional<String> challenged, List<String> supported, String before, AuthorizationServer server) {
        Set<String> scopes = new LinkedHashSet<>(split(before));
        if (configured != null) {
            scopes.addAll(split(configured));
            // A step-up requests the scopes of the operation beside the configured ones.
            scopes.addAll(before == null ? List.of() : split(challenged.orElse(null)));
        } else {
            scopes.addAll(challenged.isPresent() ? split(challenged.get()) : supported);
        }
        if (!scopes.isEmpty() && server.supports("scopes_supported", OFFLINE_ACCESS)) {
            scopes.add(OFFLINE_ACCESS);
        }
        return scopes.isEmpty() ? null : String.join(" ", scopes);
    }

    /** Returns true when one {@code scope} contains all of another. */
    static boolean covers(String scope, String needed) {
        return new LinkedHashSet<>(split(scope)).containsAll(split(needed));
    }

    private static Collection<String> split(String scope) {
        return scope == null ? List.of() : Stream.of(scope.split(" ")).filter(name -> !name.isEmpty()).toList();
    }
}
