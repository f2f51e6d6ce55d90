package dev.gatehouse.authz.scope;

import java.util.ArrayList;
import java.util.List;

/**
 * A scope and its text on the consent page.
 *
 * @param title null for the name
 * @param implies scopes that this one includes
 */
public record ScopeOptions(String name, String title, String description, List<String> implies) {

    /** The scope that makes a request one of OpenID Connect (Core §3.1.2.1). */
    public static final String OPENID = "openid";

    /** The scopes of OpenID Connect (Core §5.4). They identify the user and permit nothing. */
    private static final List<ScopeOptions> IDENTITY = List.of(
        new ScopeOptions(OPENID, "Know who you are", "Recognise your account here when you come back.", List.of()),
        new ScopeOptions("profile", "See your profile", "Your name and username.", List.of()),
        new ScopeOptions("email", "See your email address", "The address of your account.", List.of()));

    public ScopeOptions {
        title = title == null ? name : title;
        implies = List.copyOf(implies);
    }

    /** The declared scopes, then those of OpenID Connect that are not declared. */
    public static List<ScopeOptions> withIdentity(List<ScopeOptions> declared) {
        List<ScopeOptions> all = new ArrayList<>(declared);
        IDENTITY.stream().filter(scope -> declared.stream().noneMatch(each -> each.name().equals(scope.name()))).forEach(all::add);
        return all;
    }

    /** Returns true for a scope that identifies the user instead of permitting something at a resource. */
    public static boolean isIdentity(String name) {
        return IDENTITY.stream().anyMatch(scope -> scope.name().equals(name));
    }
}
