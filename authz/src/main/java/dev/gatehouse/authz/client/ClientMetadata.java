package dev.gatehouse.authz.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * What a client says of itself beyond what every client has: members of RFC 7591 §2 and of the specifications that add to
 * it, by their wire names. Whoever lets a client say something checks it first; what is here has been checked.
 *
 * @param members not to be changed
 */
public record ClientMetadata(JsonObject members) {

    /** Of a client that says nothing more. */
    public static final ClientMetadata NONE = new ClientMetadata(new JsonObject());

    public ClientMetadata {
        members = members.copy();
    }

    /** A member that is a text, or null. */
    public String text(String name) {
        return members.getString(name);
    }

    /** Whether a member is there and true. */
    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(members.getValue(name));
    }

    /** A member that is a list of texts; empty when it is absent. */
    public List<String> texts(String name) {
        return members.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
    }

    /** The client's own public keys, as a JWK set (RFC 7517 §5), or null. */
    public JsonObject jwks() {
        return members.getJsonObject("jwks");
    }

    /** Where the client publishes its public keys, or null. */
    public String jwksUri() {
        return text("jwks_uri");
    }

    /** These members with one more, or with another value for it; without it for null. */
    public ClientMetadata with(String name, Object value) {
        JsonObject changed = members.copy();
        changed.remove(name);
        return new ClientMetadata(value == null ? changed : changed.put(name, value));
    }
}
