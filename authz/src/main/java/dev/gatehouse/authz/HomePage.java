package dev.gatehouse.authz;

import dev.gatehouse.authz.page.PagePaths;

/**
 * The page at the root of this server: what it is, and where to go on.
 *
 * @param device where to type a device's code, or empty
 * @param openidMetadata or empty
 */
record HomePage(String issuer, String resource, String account, String device, String metadata, String openidMetadata, String keys, String health) {

    static HomePage of(AuthzOptions options, PagePaths paths) {
        return new HomePage(options.issuer(), options.defaultResource().value(), paths.account(),
            options.features().device().enabled() ? paths.device() : "", options.url("/.well-known/oauth-authorization-server"),
            options.features().openid().enabled() ? options.url("/.well-known/openid-configuration") : "",
            options.url("/oauth/jwks"), options.url("/health"));
    }

    public String title() {
        return "Authorization server";
    }
}
