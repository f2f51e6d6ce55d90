package dev.gatehouse.authz.client.auth;

import java.util.List;

/**
 * The client authentication methods that are allowed.
 *
 * @param methods wire names; empty for all
 */
public record ClientAuthOptions(List<String> methods) {

    public ClientAuthOptions {
        methods = List.copyOf(methods);
    }

    /** Returns whether clients may use a method. @param wireName such as {@code client_secret_basic} */
    public boolean allows(String wireName) {
        return methods.isEmpty() || methods.contains(wireName);
    }
}
