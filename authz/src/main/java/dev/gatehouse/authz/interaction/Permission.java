package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.options.ScopeOptions;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A scope as the consent page shows it.
 *
 * @param includes what comes with it of the other scopes on the page, for people; or empty
 * @param mark whether the application has it already, where it has some; or empty
 */
record Permission(String name, String title, String description, String includes, String mark) {

    static final String NEW = "New";
    static final String HELD = "Allowed before";

    /** All that is asked for, in the order of the configuration. @param held what the application has already */
    static List<Permission> of(Scopes asked, Scopes held, List<ScopeOptions> declared, ScopeHierarchy hierarchy) {
        boolean comparing = held.values().stream().anyMatch(asked::contains);
        List<ScopeOptions> shown = declared.stream().filter(scope -> asked.contains(scope.name())).toList();
        return shown.stream().map(scope -> new Permission(scope.name(), scope.title(), scope.description(),
            shown.stream().filter(other -> hierarchy.impliedBy(scope.name()).contains(other.name()))
                .map(ScopeOptions::title).collect(Collectors.joining(", ")),
            comparing ? held.contains(scope.name()) ? HELD : NEW : "")).toList();
    }

    boolean isNew() {
        return mark.equals(NEW);
    }
}
