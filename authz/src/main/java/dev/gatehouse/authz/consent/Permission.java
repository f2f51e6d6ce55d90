package dev.gatehouse.authz.consent;

import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A scope on the consent page.
 *
 * @param includes the titles of the scopes on the page that it implies, or empty
 * @param mark whether the application already has the scope, if it has any; or empty
 * @param locked whether another scope on the page implies it, so that it cannot be deselected
 */
public record Permission(String name, String title, String description, String includes, String mark, boolean locked) {

    static final String NEW = "New";
    static final String HELD = "Allowed before";

    /** The requested scopes in the order of the configuration. @param held the scopes that the application already has */
    public static List<Permission> of(Scopes asked, Scopes held, List<ScopeOptions> declared, ScopeHierarchy hierarchy) {
        boolean comparing = held.values().stream().anyMatch(asked::contains);
        List<ScopeOptions> shown = declared.stream().filter(scope -> asked.contains(scope.name())).toList();
        return shown.stream().map(scope -> new Permission(scope.name(), scope.title(), scope.description(),
            shown.stream().filter(other -> hierarchy.impliedBy(scope.name()).contains(other.name()))
                .map(ScopeOptions::title).collect(Collectors.joining(", ")),
            comparing ? held.contains(scope.name()) ? HELD : NEW : "",
            shown.stream().anyMatch(other -> hierarchy.impliedBy(other.name()).contains(scope.name())))).toList();
    }

    public boolean isNew() {
        return mark.equals(NEW);
    }
}
