package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.MultiMap;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The parts of a request that client authentication reads.
 *
 * @param endpoint the absolute URL of the endpoint in the metadata, which the request may spell differently
 * @param certificates the certificate chain of the client in TLS, its own certificate first; may be empty
 * @param source the key of the limits on failures and fetches
 * @param isAbandoned whether the caller has disconnected, so that slow work can be cancelled
 */
public record ClientCall(MultiMap headers, FormParameters form, String endpoint, List<X509Certificate> certificates, String source,
                         BooleanSupplier isAbandoned) {

    public ClientCall {
        certificates = List.copyOf(certificates);
    }

    /** Returns whether the form names the client and the request has no credential. */
    boolean isOnlyNamed() {
        return form.has("client_id") && !headers.contains(HttpHeaders.AUTHORIZATION) && !form.has("client_secret")
            && !form.has("client_assertion") && !form.has("client_assertion_type");
    }
}
