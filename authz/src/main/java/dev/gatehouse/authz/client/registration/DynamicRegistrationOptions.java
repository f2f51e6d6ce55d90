package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.GrantType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;

/**
 * How clients register themselves (RFC 7591).
 *
 * @param enabled whether they may at all
 * @param initialAccessTokenRequired whether only who was given a token may
 * @param maximumClients how many there may be at a time
 * @param idleDays how long one is kept that nobody uses
 * @param grantTypes wire names of those that a client may give itself
 * @param pkce what protects the codes of the confidential ones
 */
public record DynamicRegistrationOptions(boolean enabled, boolean initialAccessTokenRequired, int maximumClients, int idleDays,
                                         List<String> grantTypes, Pkce pkce) {

    /** Without client_credentials, by which anybody would get tokens that no person has agreed to. */
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
