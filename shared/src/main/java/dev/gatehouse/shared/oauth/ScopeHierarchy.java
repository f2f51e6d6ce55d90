package dev.gatehouse.shared.oauth;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The scopes that each scope implies: a scope includes all scopes that it implies directly or indirectly (MCP
 * 2026-07-28, Step-Up Authorization Flow). Immutable.
 */
public final class ScopeHierarchy {

    /** A hierarchy without implications. */
    public static final ScopeHierarchy FLAT = new ScopeHierarchy(Map.of());

    private final Map<String, Set<String>> implied;

    private ScopeHierarchy(Map<String, Set<String>> implied) {
        this.implied = implied;
    }

    /**
     * Builds a hierarchy.
     *
     * @param direct the directly implied scopes of each scope
     * @return the hierarchy
     * @throws IllegalArgumentException if the implications are cyclic; the message names the cycle
     */
    public static ScopeHierarchy of(Map<String, ? extends Collection<String>> direct) {
        Map<String, Set<String>> implied = new LinkedHashMap<>();
        direct.keySet().forEach(name -> implied.put(name, reachable(name, direct, new LinkedHashSet<>())));
        return implied.isEmpty() ? FLAT : new ScopeHierarchy(implied);
    }

    private static Set<String> reachable(String name, Map<String, ? extends Collection<String>> direct, Set<String> way) {
        if (!way.add(name)) {
            throw new IllegalArgumentException(String.join(" implies ", way) + " implies " + name);
        }
        Set<String> found = new LinkedHashSet<>();
        Collection<String> next = direct.get(name);
        if (next != null) {
            next.forEach(each -> {
                found.add(each);
                found.addAll(reachable(each, direct, way));
            });
        }
        way.remove(name);
        return found;
    }

    /**
     * {@return these scopes, followed by the scopes that they imply}
     *
     * @param scopes the scopes
     */
    public Scopes expand(Scopes scopes) {
        Set<String> all = new LinkedHashSet<>(scopes.values());
        scopes.values().forEach(name -> all.addAll(impliedBy(name)));
        return new Scopes(all);
    }

    /**
     * {@return the scopes that a scope implies directly or indirectly, without itself}
     *
     * @param name the scope
     */
    public Set<String> impliedBy(String name) {
        return implied.getOrDefault(name, Set.of());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScopeHierarchy hierarchy && implied.equals(hierarchy.implied);
    }

    @Override
    public int hashCode() {
        return implied.hashCode();
    }
}
