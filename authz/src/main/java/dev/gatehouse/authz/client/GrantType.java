package dev.gatehouse.authz.client;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ways to get tokens that there are (RFC 6749 §1.3), and what each asks of a client. */
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

    /** What a client gets for which nothing else is said: hardly one can do without refresh tokens, and many do not know to ask. */
    public static final Set<String> USUAL = Set.of(AUTHORIZATION_CODE.wireName, REFRESH_TOKEN.wireName);

    private final String wireName;
    private final boolean forPublicClients;

    GrantType(String wireName, boolean forPublicClients) {
        this.wireName = wireName;
        this.forPublicClients = forPublicClients;
    }

    /** The value of {@code grant_type}. */
    public String wireName() {
        return wireName;
    }

    /** Whether a client may use it that cannot prove who it is. */
    public boolean isForPublicClients() {
        return forPublicClients;
    }

    /** Whether a client may use it. */
    public boolean isOf(Client client) {
        return client.grantTypes().contains(wireName);
    }

    /** The grant type of a wire name; nothing for another text. */
    public static Optional<GrantType> named(String wireName) {
        return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
    }

    /** The wire names of all, in the order above. */
    public static List<String> names() {
        return Arrays.stream(values()).map(GrantType::wireName).toList();
    }
}
