package dev.gatehouse.authz.scim;

import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;

import java.util.List;

/** A request of a SCIM client. @param clientId the client of the access token */
record ScimCall(RoutingContext context, Buffer body, String clientId, RequestOrigin origin) {

    static final String MEDIA_TYPE = "application/scim+json";

    /** The body as JSON. */
    JsonObject json() {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && !MediaTypes.is(type, MEDIA_TYPE) && !MediaTypes.is(type, MediaTypes.JSON)) {
            throw new ScimException(415, null, "The Content-Type is " + MEDIA_TYPE + " or " + MediaTypes.JSON);
        }
        try {
            return StrictJson.object(body.getBytes());
        } catch (MalformedJson e) {
            throw ScimException.invalidSyntax("The body is not one JSON object, or has a member twice");
        }
    }

    /** The query parameter of a name, or null. */
    String query(String name) {
        try {
            List<String> values = context.queryParam(name);
            return values.isEmpty() ? null : values.get(0);
        } catch (HttpException malformed) {
            throw ScimException.invalidSyntax("The query has a percent sign without two hexadecimal digits");
        }
    }

    String id() {
        return context.pathParam("id");
    }

    Projection projection(ResourceType type) {
        return Projection.of(type, query("attributes"), query("excludedAttributes"));
    }

    /** Requires that {@code If-Match}, if it was sent, names the tag of the current resource. */
    void requireMatch(JsonObject current) {
        String field = context.request().getHeader(HttpHeaders.IF_MATCH);
        if (field != null && !EntityTag.isNamed(field, tag(current))) {
            throw ScimException.changed();
        }
    }

    /** Returns whether the client has the current resource already ({@code If-None-Match}). */
    boolean isKnown(JsonObject current) {
        String field = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        return field != null && EntityTag.isNamed(field, tag(current));
    }

    static String tag(JsonObject resource) {
        return resource.getJsonObject("meta").getString("version");
    }
}
