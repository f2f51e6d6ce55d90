package dev.gatehouse.authz.registration;

import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** The members of a stranger's document, each of the type that it has to be. A member that is null counts as absent. */
final class DocumentMembers {

    private final JsonObject members;

    private DocumentMembers(JsonObject members) {
        this.members = members;
    }

    /** @throws InvalidDocumentException when it is not one JSON object, or has a member twice */
    static DocumentMembers parse(Buffer body) {
        try {
            return new DocumentMembers(StrictJson.object(body.getBytes()));
        } catch (JwtException e) {
            throw new InvalidDocumentException("it is not one JSON object with each member once");
        }
    }

    boolean has(String name) {
        return members.getValue(name) != null;
    }

    /** A text, or null. @throws InvalidDocumentException when it is of another type */
    String text(String name) {
        Object value = members.getValue(name);
        if (value != null && !(value instanceof String)) {
            throw new InvalidDocumentException(name + " is not a text");
        }
        return (String) value;
    }

    /** Texts; empty when absent. @throws InvalidDocumentException when it is no list of texts */
    List<String> texts(String name) {
        Object value = members.getValue(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof JsonArray array) || !array.stream().allMatch(String.class::isInstance)) {
            throw new InvalidDocumentException(name + " is not a list of texts");
        }
        return array.stream().map(String.class::cast).toList();
    }

    /** An object, or null. @throws InvalidDocumentException when it is of another type */
    JsonObject object(String name) {
        Object value = members.getValue(name);
        if (value != null && !(value instanceof JsonObject)) {
            throw new InvalidDocumentException(name + " is not an object");
        }
        return (JsonObject) value;
    }

    /** Whether a member is there and true. @throws InvalidDocumentException when it is of another type */
    boolean isTrue(String name) {
        Object value = members.getValue(name);
        if (value != null && !(value instanceof Boolean)) {
            throw new InvalidDocumentException(name + " is neither true nor false");
        }
        return Boolean.TRUE.equals(value);
    }
}
