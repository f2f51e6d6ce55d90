package dev.gatehouse.authz.scope;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The authentication context classes of this server, weakest first. Each one satisfies the weaker ones. */
public enum LoginLevel {
    /** One factor: a password, or a login at an identity provider. */
    ONE_FACTOR("1"),
    /** Two factors. */
    TWO_FACTORS("mfa"),
    /** A key that is bound to this server, so that no other site can use it. */
    PHISHING_RESISTANT("phr");

    private final String acr;

    LoginLevel(String acr) {
        this.acr = acr;
    }

    /** The value of the claim {@code acr}. */
    public String acr() {
        return acr;
    }

    /** The values that this server knows. */
    public static List<String> known() {
        return Arrays.stream(values()).map(LoginLevel::acr).toList();
    }

    /** The level of a login. @param methods its methods (RFC 8176) */
    public static LoginLevel of(List<String> methods) {
        return methods.contains("pop") ? PHISHING_RESISTANT : methods.contains("mfa") ? TWO_FACTORS : ONE_FACTOR;
    }

    /** The weakest level that satisfies one of these values; the strongest level if none does. */
    public static LoginLevel required(List<String> wanted) {
        return Arrays.stream(values()).filter(level -> level.satisfied(wanted).isPresent()).findFirst().orElse(PHISHING_RESISTANT);
    }

    /** Returns the first of these values that this level satisfies. */
    public Optional<String> satisfied(List<String> wanted) {
        return wanted.stream().filter(value -> Arrays.stream(values()).anyMatch(level -> level.acr.equals(value) && level.compareTo(this) <= 0)).findFirst();
    }
}
