package dev.gatehouse.authz.scim;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** A response of SCIM. @param body null for none; @param resource gives the {@code ETag}; null for no resource */
record ScimAnswer(int status, JsonObject body, JsonObject resource) {

    static ScimAnswer of(JsonObject document) {
        return new ScimAnswer(200, document, null);
    }

    Future<Void> send(RoutingContext context) {
        HttpServerResponse response = context.response().setStatusCode(status).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (resource != null) {
            response.putHeader(HttpHeaders.ETAG, ScimCall.tag(resource));
        }
        if (status == 201) {
            response.putHeader(HttpHeaders.LOCATION, resource.getJsonObject("meta").getString("location"));
        }
        if (body == null) {
            return response.end();
        }
        return response.putHeader(HttpHeaders.CONTENT_TYPE, ScimCall.MEDIA_TYPE + ";charset=UTF-8").end(body.toBuffer());
    }
}
