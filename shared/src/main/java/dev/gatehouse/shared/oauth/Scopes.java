package dev.gatehouse.shared.oauth;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** A set of scope tokens in the order of the request (RFC 6749 §3.3). Immutable. */
public record Scopes(Set<String> values) {

    public static final Scopes NONE = new Scopes(Set.of());

    public Scopes {
        values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    public static Scopes of(String... names) {
        return new Scopes(new LinkedHashSet<>(java.util.List.of(names)));
    }

    /**
     * Parses the {@code scope} parameter: space-separated tokens of printable ASCII except {@code "} and {@code \}.
     *
     * @param text the parameter; null or empty for no scopes
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

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean contains(String name) {
        return values.contains(name);
    }

    public boolean containsAll(Scopes others) {
        return values.containsAll(others.values);
    }

    /** The scopes that are also in the other collection, in this order. */
    public Scopes intersect(Collection<String> others) {
        Set<String> both = new LinkedHashSet<>(values);
        both.retainAll(others);
        return new Scopes(both);
    }

    /** These scopes without one. */
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
