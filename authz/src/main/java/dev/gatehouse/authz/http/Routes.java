package dev.gatehouse.authz.http;

import dev.gatehouse.authz.client.auth.ClientCertificates;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * The routers for endpoints.
 *
 * @param root the root of the host, for well-known URLs
 * @param served the issuer's path; the root if the issuer has no path
 */
public record Routes(Vertx vertx, Router root, Router served, Issuer issuer, ClientCertificates certificates, ClientAddress addresses) {

    /** The absolute URL of a path below the issuer's path, as in metadata. */
    public String url(String path) {
        return issuer.url(path);
    }
}
