package dev.gatehouse.authz.scim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;

/**
 * The definition of an attribute (RFC 7643 §7).
 *
 * @param exact whether the case of its value counts
 * @param parts the sub-attributes of a complex attribute
 */
record Attribute(String name, Type type, boolean multiValued, boolean required, boolean exact, boolean readOnly, boolean unique,
                 String description, List<Attribute> parts) {

    /** The types of values. */
    enum Type {
        STRING("string"), BOOLEAN("boolean"), DATE_TIME("dateTime"), REFERENCE("reference"), COMPLEX("complex");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }
    }

    static Attribute text(String name, String description) {
        return new Attribute(name, Type.STRING, false, false, false, false, false, description, List.of());
    }

    static Attribute truth(String name, String description) {
        return new Attribute(name, Type.BOOLEAN, false, false, false, false, false, description, List.of());
    }

    static Attribute time(String name, String description) {
        return new Attribute(name, Type.DATE_TIME, false, false, false, false, false, description, List.of());
    }

    static Attribute reference(String name, String description) {
        return new Attribute(name, Type.REFERENCE, false, false, true, false, false, description, List.of());
    }

    static Attribute complex(String name, String description, Attribute... parts) {
        return new Attribute(name, Type.COMPLEX, false, false, false, false, false, description, List.of(parts));
    }

    /** A list of complex values. */
    static Attribute several(String name, String description, Attribute... parts) {
        return new Attribute(name, Type.COMPLEX, true, false, false, false, false, description, List.of(parts));
    }

    Attribute withExactCase() {
        return new Attribute(name, type, multiValued, required, true, readOnly, unique, description, parts);
    }

    Attribute asRequired(boolean isUnique) {
        return new Attribute(name, type, multiValued, true, exact, readOnly, isUnique, description, parts);
    }

    Attribute asReadOnly() {
        return new Attribute(name, type, multiValued, required, exact, true, unique, description, parts);
    }

    boolean isComplex() {
        return type == Type.COMPLEX;
    }

    Optional<Attribute> part(String named) {
        return find(parts, named);
    }

    /** Finds an attribute by its name, in any case (RFC 7643 §2.1). */
    static Optional<Attribute> find(List<Attribute> attributes, String name) {
        return attributes.stream().filter(attribute -> attribute.name.equalsIgnoreCase(name)).findFirst();
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject().put("name", name).put("type", type.wireName).put("multiValued", multiValued)
            .put("description", description).put("required", required).put("mutability", readOnly ? "readOnly" : "readWrite")
            .put("returned", name.equals("id") ? "always" : "default").put("uniqueness", unique ? "server" : "none");
        if (isComplex()) {
            return json.put("subAttributes", array(parts));
        }
        return type == Type.BOOLEAN ? json : json.put("caseExact", exact);
    }

    static JsonArray array(List<Attribute> attributes) {
        return new JsonArray(attributes.stream().map(Attribute::toJson).toList());
    }
}
