package dev.gatehouse.authz.http;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.shared.http.ClientAddress;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * Where endpoints are mounted.
 *
 * @param root of the host, for the well-known addresses
 * @param served everything under the issuer's path; the root where that is empty
 */
public record Routes(Vertx vertx, Router root, Router served, AuthzOptions options, ClientAddress addresses) {

    /** The absolute URL of a path under the issuer's, as metadata names it. */
    public String url(String path) {
        return options.url(path);
    }
}
