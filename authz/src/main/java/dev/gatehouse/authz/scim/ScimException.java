package dev.gatehouse.authz.scim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** An error response of SCIM (RFC 7644 §3.12). Stackless. */
final class ScimException extends RuntimeException {

    private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

    private final int status;
    private final String type;

    /** @param type the value of {@code scimType}, or null */
    ScimException(int status, String type, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
    }

    static ScimException invalidFilter(String detail) {
        return new ScimException(400, "invalidFilter", detail);
    }

    static ScimException invalidPath(String detail) {
        return new ScimException(400, "invalidPath", detail);
    }

    static ScimException invalidValue(String detail) {
        return new ScimException(400, "invalidValue", detail);
    }

    static ScimException invalidSyntax(String detail) {
        return new ScimException(400, "invalidSyntax", detail);
    }

    static ScimException noTarget(String detail) {
        return new ScimException(400, "noTarget", detail);
    }

    static ScimException tooMany(String detail) {
        return new ScimException(400, "tooMany", detail);
    }

    static ScimException mutability(String detail) {
        return new ScimException(400, "mutability", detail);
    }

    static ScimException uniqueness(String detail) {
        return new ScimException(409, "uniqueness", detail);
    }

    static ScimException notFound() {
        return new ScimException(404, null, "There is no such resource");
    }

    /** The entity tag of {@code If-Match} is not the current one. */
    static ScimException changed() {
        return new ScimException(412, null, "The resource has changed since it was read");
    }

    int status() {
        return status;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject().put("schemas", new JsonArray().add(SCHEMA)).put("status", Integer.toString(status));
        return (type == null ? json : json.put("scimType", type)).put("detail", getMessage());
    }
}
