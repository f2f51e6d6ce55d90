package dev.gatehouse.authz.http;

import dev.gatehouse.authz.client.auth.ClientCall;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A form posted to an endpoint.
 *
 * @param source the key of the sender, for limits
 * @param endpoint the URL of the endpoint in metadata
 * @param certificates the client's TLS certificate chain, its own certificate first
 */
public record FormCall(RoutingContext context, FormParameters form, ClientAddress addresses, String source, String endpoint,
                       List<X509Certificate> certificates) {

    public HttpServerRequest request() {
        return context.request();
    }

    public MultiMap headers() {
        return context.request().headers();
    }

    /** The data for client authentication. */
    public ClientCall client() {
        return new ClientCall(headers(), form, endpoint, certificates, source, this::isAbandoned);
    }

    private boolean isAbandoned() {
        return request().response().ended() || request().response().closed();
    }

    public RequestOrigin origin() {
        return RequestId.origin(context, addresses);
    }
}
