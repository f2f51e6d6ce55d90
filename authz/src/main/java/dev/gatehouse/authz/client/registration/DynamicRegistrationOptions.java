package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.GrantType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;

/**
 * The options of dynamic client registration (RFC 7591).
 *
 * @param enabled whether it is enabled
 * @param initialAccessTokenRequired whether registration requires an initial access token
 * @param maximumClients the maximum number of self-registered clients
 * @param idleDays how long an unused client is kept
 * @param grantTypes the wire names of the grant types that a client may register
 * @param pkce the PKCE rule for confidential clients
 */
public record DynamicRegistrationOptions(boolean enabled, boolean initialAccessTokenRequired, int maximumClients, int idleDays,
                                         List<String> grantTypes, Pkce pkce) {

    /** Without client_credentials, because any client could then get tokens without a user's consent. */
    private static final JsonArray GRANTS = new JsonArray().add(GrantType.AUTHORIZATION_CODE.wireName())
        .add(GrantType.REFRESH_TOKEN.wireName()).add(GrantType.DEVICE_CODE.wireName());

    public DynamicRegistrationOptions {
        grantTypes = List.copyOf(grantTypes);
    }

    public static DynamicRegistrationOptions of(JsonObject json, boolean demo) {
        return new DynamicRegistrationOptions(json.getBoolean("enabled", demo), json.getBoolean("initialAccessTokenRequired", false),
            json.getInteger("maximumClients", 10_000), json.getInteger("idleDays", 30),
            AuthzOptions.texts(json.getJsonArray("grantTypes", GRANTS)),
            Pkce.valueOf(json.getString("pkce", "required").toUpperCase(Locale.ROOT)));
    }
}
