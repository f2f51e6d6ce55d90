package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.MultiMap;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A call by a client at one of the endpoints, as far as it can tell who the client is.
 *
 * @param endpoint the absolute URL of the endpoint as metadata names it, whatever the request called it
 * @param certificates what the client showed in TLS, its own certificate first; empty for none
 * @param source whom failures, and fetches that the call causes, are counted against
 * @param isAbandoned whether the caller has gone, so that slow work for it can be dropped
 */
public record ClientCall(MultiMap headers, FormParameters form, String endpoint, List<X509Certificate> certificates, String source,
                         BooleanSupplier isAbandoned) {

    public ClientCall {
        certificates = List.copyOf(certificates);
    }

    /** Whether it says who it comes from in the form, and holds no proof of that. */
    boolean isOnlyNamed() {
        return form.has("client_id") && !headers.contains("Authorization") && !form.has("client_secret")
            && !form.has("client_assertion") && !form.has("client_assertion_type");
    }
}
