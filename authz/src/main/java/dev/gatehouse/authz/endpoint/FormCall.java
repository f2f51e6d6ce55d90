package dev.gatehouse.authz.endpoint;

import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** A form that was posted to one of the endpoints. */
record FormCall(RoutingContext context, FormParameters form, ClientAddress addresses) {

    HttpServerRequest request() {
        return context.request();
    }

    MultiMap headers() {
        return context.request().headers();
    }

    RequestOrigin origin() {
        return RequestId.origin(context, addresses);
    }
}
