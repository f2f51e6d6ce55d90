package dev.gatehouse.authz.options;

import io.vertx.core.json.JsonObject;

/** The certificate chain and private key to serve https with, both PEM files, relative to the data home or absolute. */
public record TlsOptions(String certificateFile, String keyFile) {

    static TlsOptions of(JsonObject json) {
        return json == null ? null : new TlsOptions(json.getString("certificateFile"), json.getString("keyFile"));
    }
}
