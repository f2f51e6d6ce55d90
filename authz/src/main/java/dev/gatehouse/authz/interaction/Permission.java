package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.scope.ScopeOptions;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A scope as the consent page shows it.
 *
 * @param includes titles of the other scopes on the page that come with it; or empty
 * @param mark whether the application has it already, where it has some; or empty
 * @param locked whether another scope on the page implies it, so that it cannot be left out alone
 */
public record Permission(String name, String title, String description, String includes, String mark, boolean locked) {

    static final String NEW = "New";
    static final String HELD = "Allowed before";

    /** All that is asked for, in the order of the configuration. @param held what the application has already */
    public static List<Permission> of(Scopes asked, Scopes held, List<ScopeOptions> declared, ScopeHierarchy hierarchy) {
        boolean comparing = held.values().stream().anyMatch(asked::contains);
        List<ScopeOptions> shown = declared.stream().filter(scope -> asked.contains(scope.name())).toList();
        return shown.stream().map(scope -> new Permission(scope.name(), scope.title(), scope.description(),
            shown.stream().filter(other -> hierarchy.impliedBy(scope.name()).contains(other.name()))
                .map(ScopeOptions::title).collect(Collectors.joining(", ")),
            comparing ? held.contains(scope.name()) ? HELD : NEW : "",
            shown.stream().anyMatch(other -> hierarchy.impliedBy(other.name()).contains(scope.name())))).toList();
    }

    boolean isNew() {
        return mark.equals(NEW);
    }
}
