package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.Preset.Emails;
import dev.gatehouse.authz.federation.ProviderOptions.ProvisioningOptions;
import dev.gatehouse.authz.federation.ProviderOptions.ProvisioningOptions.Match;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.shared.jose.Claims;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads a person from the claims of an ID token and of a userinfo response. Pure. */
final class PersonClaims {

    static final int MOST_GROUPS = 1_000;
    private static final int LONGEST_TEXT = 256;

    private PersonClaims() {
    }

    /** @param userInfo the claims of the userinfo endpoint; may be empty. The ID token prevails, because it is signed */
    static UpstreamPerson read(ProviderOptions options, JsonObject idToken, JsonObject userInfo) {
        JsonObject all = userInfo.copy().mergeIn(idToken);
        ExternalIdentity identity = new ExternalIdentity(Claims.text(idToken, "iss"), "", Claims.text(idToken, "sub"));
        String email = options.emails() == Emails.IGNORED && !isDomainVerified(all) ? null : text(all, "email");
        boolean verified = email != null && (options.emails() == Emails.TRUSTED || isDomainVerified(all) || isTrue(all.getValue("email_verified")));
        OptionalLong authenticated = Claims.time(idToken, "auth_time");
        return new UpstreamPerson(identity, name(all), email == null ? null : email.toLowerCase(Locale.ROOT), verified, groups(options, all),
            organizations(options, all), text(idToken, "sid"), authenticated.isPresent() ? authenticated.getAsLong() : null,
            options.trustAuthentication().methods(idToken), provisionedAs(options, all, verified));
    }

    /** The value by which the account is found that a SCIM client has provisioned; null if there is none. An email address counts if it is verified. */
    static String provisionedAs(ProviderOptions options, JsonObject claims, boolean emailVerified) {
        ProvisioningOptions provisioning = options.provisioning();
        boolean counts = provisioning != null && (provisioning.match() != Match.EMAIL || emailVerified);
        return counts ? text(claims, provisioning.claimOf(options.known())) : null;
    }

    /** Microsoft Entra: the optional claim {@code xms_edov} says that the owner of the domain has verified the address. */
    private static boolean isDomainVerified(JsonObject claims) {
        Object value = claims.getValue("xms_edov");
        return isTrue(value) || "1".equals(String.valueOf(value));
    }

    /** Amazon Cognito sends the truth value of userinfo as a string. */
    private static boolean isTrue(Object value) {
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    private static String name(JsonObject claims) {
        String name = text(claims, "name");
        return name != null ? name : text(claims, "preferred_username");
    }

    private static List<String> groups(ProviderOptions options, JsonObject claims) {
        return options.groupsClaim() == null ? List.of() : texts(claims.getValue(options.groupsClaim()));
    }

    private static List<String> organizations(ProviderOptions options, JsonObject claims) {
        Stream<String> names = switch (options.known()) {
            case GOOGLE -> Stream.of("hd");
            case MICROSOFT_ENTRA -> Stream.of("tid");
            case AUTH0 -> Stream.of("org_id", "org_name");
            case OPENID, GITHUB, OKTA, KEYCLOAK, AMAZON_COGNITO, GITLAB -> Stream.of();
        };
        return names.map(name -> text(claims, name)).filter(value -> value != null).toList();
    }

    /** One text or a list of texts; other entries are ignored. */
    static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        Stream<?> entries = value instanceof JsonArray array ? array.stream() : Stream.of(value == null ? "" : value);
        entries.limit(MOST_GROUPS).filter(entry -> entry instanceof String text && !text.isBlank() && text.length() <= LONGEST_TEXT)
            .forEach(entry -> texts.add((String) entry));
        return texts.stream().distinct().toList();
    }

    private static String text(JsonObject claims, String name) {
        return claims.getValue(name) instanceof String text && !text.isBlank() && text.length() <= LONGEST_TEXT ? text : null;
    }
}
