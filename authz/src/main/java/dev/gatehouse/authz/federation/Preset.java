package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.client.ClientAuthMethod;

import java.util.Arrays;
import java.util.List;

/** The identity providers whose peculiarities this server knows. A preset fills in the settings that an entry leaves out. */
enum Preset {

    OPENID("openid", "your organization", null, Login.OPENID, "groups", List.of("openid", "profile", "email")),
    /** The email address of an account is neither verified nor stable (Microsoft: "mutable"), so it is ignored by default. */
    MICROSOFT_ENTRA("microsoft-entra", "Microsoft", null, Login.OPENID, "groups", List.of("openid", "profile", "email", "User.Read")),
    GOOGLE("google", "Google", "https://accounts.google.com", Login.OPENID, null, List.of("openid", "profile", "email")),
    GITHUB("github", "GitHub", "https://github.com", Login.GITHUB, null, List.of("read:user", "user:email", "read:org")),
    OKTA("okta", "Okta", null, Login.OPENID, "groups", List.of("openid", "profile", "email", "groups")),
    AUTH0("auth0", "Auth0", null, Login.OPENID, null, List.of("openid", "profile", "email")),
    KEYCLOAK("keycloak", "Keycloak", null, Login.OPENID, "groups", List.of("openid", "profile", "email")),
    AMAZON_COGNITO("amazon-cognito", "Amazon Cognito", null, Login.OPENID, "cognito:groups", List.of("openid", "profile", "email")),
    GITLAB("gitlab", "GitLab", "https://gitlab.com", Login.OPENID, "groups", List.of("openid", "profile", "email"));

    private static final String ENTRA_HOST = "https://login.microsoftonline.com/";
    private static final List<String> ENTRA_SEVERAL_TENANTS = List.of("common", "organizations", "consumers");

    private final String wireName;
    private final String label;
    private final String issuer;
    private final Login login;
    private final String groupsClaim;
    private final List<String> scopes;

    Preset(String wireName, String label, String issuer, Login login, String groupsClaim, List<String> scopes) {
        this.wireName = wireName;
        this.label = label;
        this.issuer = issuer;
        this.login = login;
        this.groupsClaim = groupsClaim;
        this.scopes = scopes;
    }

    /** The protocol of a login. */
    enum Login { OPENID, GITHUB }

    /** The meaning of the email address that a provider sends. */
    enum Emails {
        /** The address counts if the provider says that it has verified it; a new account needs such an address. */
        VERIFIED,
        /** Each address counts as verified. */
        TRUSTED,
        /** No address counts, and none is stored. */
        IGNORED
    }

    /** @throws IllegalArgumentException for an unknown name */
    static Preset named(String wireName) {
        return Arrays.stream(values()).filter(preset -> preset.wireName.equals(wireName)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("There is no preset " + wireName));
    }

    /** The issuer identifier if the entry names none, or null. */
    String issuer(String tenant) {
        return this == MICROSOFT_ENTRA && tenant != null ? ENTRA_HOST + tenant + "/v2.0" : issuer;
    }

    String apiUrl(String issuerUrl) {
        return switch (this) {
            case GITHUB -> issuerUrl.equals(issuer) ? "https://api.github.com" : issuerUrl + "/api/v3";
            case MICROSOFT_ENTRA -> "https://graph.microsoft.com/v1.0";
            default -> null;
        };
    }

    Emails emails() {
        return this == MICROSOFT_ENTRA ? Emails.IGNORED : Emails.VERIFIED;
    }

    /** The client authentication method that the provider's documentation uses. */
    ClientAuthMethod authentication() {
        return switch (this) {
            case MICROSOFT_ENTRA, GOOGLE, GITHUB, AUTH0 -> ClientAuthMethod.CLIENT_SECRET_POST;
            case OPENID, OKTA, KEYCLOAK, AMAZON_COGNITO, GITLAB -> ClientAuthMethod.CLIENT_SECRET_BASIC;
        };
    }

    /** Returns whether persons of every organization have accounts at this provider. */
    boolean isPublic(String tenant, String issuerUrl) {
        return this == GOOGLE || (this == GITHUB || this == GITLAB) && issuerUrl.equals(issuer)
            || this == MICROSOFT_ENTRA && isOfSeveralTenants(tenant);
    }

    /** The metadata of such a tenant has an issuer with the placeholder {@code {tenantid}}. */
    boolean isOfSeveralTenants(String tenant) {
        return this == MICROSOFT_ENTRA && tenant != null && ENTRA_SEVERAL_TENANTS.contains(tenant);
    }

    String label() {
        return label;
    }

    Login login() {
        return login;
    }

    /** The claim with the groups, or null. */
    String groupsClaim() {
        return groupsClaim;
    }

    List<String> scopes() {
        return scopes;
    }
}
