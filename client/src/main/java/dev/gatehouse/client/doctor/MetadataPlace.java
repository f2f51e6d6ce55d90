package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.SecureUrl;

import java.net.URI;

/** The places of authorization server metadata that clients look in, relative to an issuer or to the MCP server. */
enum MetadataPlace {

    OAUTH_INSERTED, OPENID_INSERTED, OPENID_APPENDED, OAUTH_APPENDED, OAUTH_ROOT, OPENID_ROOT;

    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    String of(URI base) {
        String origin = SecureUrl.origin(base);
        String raw = base.getRawPath() == null ? "" : base.getRawPath();
        String path = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return origin + switch (this) {
            case OAUTH_INSERTED -> OAUTH + path;
            case OPENID_INSERTED -> OPENID + path;
            case OPENID_APPENDED -> path + OPENID;
            case OAUTH_APPENDED -> path + OAUTH;
            case OAUTH_ROOT -> OAUTH;
            case OPENID_ROOT -> OPENID;
        };
    }
}
