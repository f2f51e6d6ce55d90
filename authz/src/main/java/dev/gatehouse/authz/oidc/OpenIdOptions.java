package dev.gatehouse.authz.oidc;

import io.vertx.core.json.JsonObject;

/**
 * OpenID Connect.
 *
 * @param enabled whether this server is an OpenID provider
 * @param signedUserInfo whether userinfo answers with a JWT to clients that want one
 */
public record OpenIdOptions(boolean enabled, boolean signedUserInfo) {

    public static OpenIdOptions of(JsonObject json, boolean demo) {
        return new OpenIdOptions(json.getBoolean("enabled", true), json.getBoolean("signedUserInfo", false));
    }
}
