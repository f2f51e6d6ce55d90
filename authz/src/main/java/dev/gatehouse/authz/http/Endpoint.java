package dev.gatehouse.authz.http;

import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** An endpoint for clients. */
public interface Endpoint {

    void mount(Routes routes);

    /** Adds the metadata of this endpoint (RFC 8414 §2): exactly what it supports. */
    default void describe(JsonObject metadata) {
    }

    /**
     * The routers for endpoints.
     *
     * @param root the root of the host, for well-known URLs
     * @param served the issuer's path; the root if the issuer has no path
     */
    record Routes(Vertx vertx, Router root, Router served, Issuer issuer, ClientCertificates certificates, ClientAddress addresses) {

        /** The absolute URL of a path below the issuer's path, as in metadata. */
        public String url(String path) {
            return issuer.url(path);
        }
    }
}
