package dev.gatehouse.authz.clientauth;

import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.MultiMap;

import java.security.cert.X509Certificate;

/**
 * A call by a client at one of the endpoints, as far as it can tell who the client is.
 *
 * @param endpoint the absolute URL of the endpoint as metadata names it, whatever the request called it
 * @param certificate the one that the client showed in TLS; null for none
 */
public record ClientCall(MultiMap headers, FormParameters form, String endpoint, X509Certificate certificate) {
}
