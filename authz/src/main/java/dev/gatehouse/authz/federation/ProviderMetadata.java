package dev.gatehouse.authz.federation;

import io.vertx.core.json.JsonObject;

import java.util.regex.Pattern;

/**
 * The metadata of an identity provider (OpenID Connect Discovery 1.0 §3).
 *
 * @param issuer the issuer identifier; Microsoft Entra puts a placeholder into that of several tenants
 * @param userInfo the URL of the userinfo endpoint, or null
 * @param endSession the URL for RP-initiated logout, or null
 * @param namesIssuer whether each authorization response has the parameter {@code iss} (RFC 9207)
 */
record ProviderMetadata(String issuer, String authorization, String token, String keys, String userInfo, String endSession,
                        boolean namesIssuer) {

    static final String TENANT = "{tenantid}";
    private static final String ANY_TENANT = "[0-9a-fA-F-]{36}";

    /**
     * Reads the metadata of a configured issuer.
     *
     * @throws UpstreamException if the document belongs to another issuer (§4.3) or lacks an endpoint
     */
    static ProviderMetadata read(JsonObject document, ProviderOptions options) {
        String issuer = url(document, "issuer", true);
        if (!isExpected(issuer, options)) {
            throw new UpstreamException(UpstreamFault.MISCONFIGURED, "metadata of another issuer");
        }
        return new ProviderMetadata(issuer, url(document, "authorization_endpoint", true), url(document, "token_endpoint", true),
            url(document, "jwks_uri", true), url(document, "userinfo_endpoint", false), url(document, "end_session_endpoint", false),
            Boolean.TRUE.equals(document.getValue("authorization_response_iss_parameter_supported")));
    }

    /** GitHub has no metadata document. */
    static ProviderMetadata gitHub(ProviderOptions options) {
        String base = options.issuer() + "/login/oauth/";
        return new ProviderMetadata(options.issuer(), base + "authorize", base + "access_token", null, null, null, false);
    }

    /** The issuer of Microsoft Entra contains the identifier of the tenant, while the configuration may have its domain name. */
    private static boolean isExpected(String issuer, ProviderOptions options) {
        if (issuer.equals(options.issuer())) {
            return true;
        }
        return options.known() == Preset.MICROSOFT_ENTRA && options.tenant() != null
            && (isTemplateOf(issuer, options) && options.known().isOfSeveralTenants(options.tenant())
                || issuer.matches(pattern(options.issuer(), options.tenant())) && !options.known().isOfSeveralTenants(options.tenant()));
    }

    private static boolean isTemplateOf(String issuer, ProviderOptions options) {
        return issuer.equals(options.issuer().replace("/" + options.tenant() + "/", "/" + TENANT + "/"));
    }

    private static String pattern(String issuer, String tenant) {
        String mark = "/" + tenant + "/";
        int at = issuer.lastIndexOf(mark);
        return at < 0 ? "" : Pattern.quote(issuer.substring(0, at)) + "/" + ANY_TENANT + "/"
            + Pattern.quote(issuer.substring(at + mark.length()));
    }

    /** The issuer identifier that an ID token must have. @param tenant the claim {@code tid}, or null */
    String issuerOf(String tenant) {
        return tenant != null && tenant.matches(ANY_TENANT) ? issuer.replace(TENANT, tenant) : issuer;
    }

    private static String url(JsonObject document, String name, boolean required) {
        Object value = document.getValue(name);
        if (value == null && !required) {
            return null;
        }
        // The issuer of several tenants has braces, which no URI has.
        if (!(value instanceof String text) || !UpstreamHttp.isAllowed(text.replace(TENANT, "tenant"))) {
            throw new UpstreamException(UpstreamFault.MISCONFIGURED, "metadata without a usable " + name);
        }
        return text;
    }
}
