package dev.gatehouse.shared.oauth;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A set of scope tokens in the order of the request (RFC 6749 §3.3). Immutable.
 *
 * @param values the scope tokens
 */
public record Scopes(Set<String> values) {

    /** No scopes. */
    public static final Scopes NONE = new Scopes(Set.of());

    /**
     * Copies the tokens.
     *
     * @param values the scope tokens
     */
    public Scopes {
        values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    /**
     * {@return a set of these scopes}
     *
     * @param names the scope tokens
     */
    public static Scopes of(String... names) {
        return new Scopes(new LinkedHashSet<>(java.util.List.of(names)));
    }

    /**
     * Parses the {@code scope} parameter: space-separated tokens of printable ASCII except {@code "} and {@code \}.
     *
     * @param text the parameter; null or empty for no scopes
     * @return the scopes
     * @throws OAuthException {@code invalid_scope} if there is any other character
     */
    public static Scopes parse(String text) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        Set<String> names = new LinkedHashSet<>();
        for (String name : text.split(" ", -1)) {
            if (!name.isEmpty()) {
                names.add(requireScopeToken(name));
            }
        }
        return new Scopes(names);
    }

    private static String requireScopeToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < 0x21 || c > 0x7E || c == '"' || c == '\\') {
                throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The scope parameter has a character that is not allowed");
            }
        }
        return name;
    }

    /** {@return whether there are no scopes} */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /**
     * {@return whether a scope is among these}
     *
     * @param name the scope
     */
    public boolean contains(String name) {
        return values.contains(name);
    }

    /**
     * {@return whether all other scopes are among these}
     *
     * @param others the other scopes
     */
    public boolean containsAll(Scopes others) {
        return values.containsAll(others.values);
    }

    /**
     * {@return the scopes that are also in the other collection, in this order}
     *
     * @param others the scopes to keep
     */
    public Scopes intersect(Collection<String> others) {
        Set<String> both = new LinkedHashSet<>(values);
        both.retainAll(others);
        return new Scopes(both);
    }

    /**
     * {@return these scopes without one}
     *
     * @param name the scope to remove
     */
    public Scopes without(String name) {
        Set<String> others = new LinkedHashSet<>(values);
        others.remove(name);
        return new Scopes(others);
    }

    /** The wire form: space-separated; empty for no scopes. */
    @Override
    public String toString() {
        return String.join(" ", values);
    }
}
