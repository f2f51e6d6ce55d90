package dev.gatehouse.authz.client;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The supported grant types (RFC 6749 §1.3). */
public enum GrantType {
    AUTHORIZATION_CODE("authorization_code", true),
    REFRESH_TOKEN("refresh_token", true),
    CLIENT_CREDENTIALS("client_credentials", false),
    /** RFC 8628. */
    DEVICE_CODE("urn:ietf:params:oauth:grant-type:device_code", true),
    /** RFC 7523 §2.1. */
    JWT_BEARER("urn:ietf:params:oauth:grant-type:jwt-bearer", true),
    /** RFC 8693. */
    TOKEN_EXCHANGE("urn:ietf:params:oauth:grant-type:token-exchange", false);

    /** The default grant types of a client. Almost every client needs refresh tokens, and many do not ask for them. */
    public static final Set<String> USUAL = Set.of(AUTHORIZATION_CODE.wireName, REFRESH_TOKEN.wireName);

    private final String wireName;
    private final boolean forPublicClients;

    GrantType(String wireName, boolean forPublicClients) {
        this.wireName = wireName;
        this.forPublicClients = forPublicClients;
    }

    /** Returns the value of {@code grant_type}. */
    public String wireName() {
        return wireName;
    }

    /** Returns whether a public client may use the grant type. */
    public boolean isForPublicClients() {
        return forPublicClients;
    }

    /** Returns whether a client may use the grant type. */
    public boolean isOf(Client client) {
        return client.grantTypes().contains(wireName);
    }

    /** Returns the grant type of a wire name; empty for another text. */
    public static Optional<GrantType> named(String wireName) {
        return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
    }

    /** Returns all wire names, in the order above. */
    public static List<String> names() {
        return Arrays.stream(values()).map(GrantType::wireName).toList();
    }
}
