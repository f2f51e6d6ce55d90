package dev.gatehouse.authz.scim;

import static dev.gatehouse.authz.scim.Attribute.complex;
import static dev.gatehouse.authz.scim.Attribute.reference;
import static dev.gatehouse.authz.scim.Attribute.several;
import static dev.gatehouse.authz.scim.Attribute.text;
import static dev.gatehouse.authz.scim.Attribute.time;
import static dev.gatehouse.authz.scim.Attribute.truth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.stream.Stream;

/** The types of resources with their schemas (RFC 7643 §4, §6). */
enum ResourceType {

    USER("User", "/Users", "User account", new Schema("urn:ietf:params:scim:schemas:core:2.0:User", "User", userAttributes()),
        List.of(new Schema("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "EnterpriseUser", enterpriseAttributes()))),

    GROUP("Group", "/Groups", "Group of users", new Schema("urn:ietf:params:scim:schemas:core:2.0:Group", "Group", groupAttributes()), List.of());

    private static final String TYPE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    private static final String SCHEMA_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema";

    /** The attributes of every resource (RFC 7643 §3.1). */
    static final List<Attribute> COMMON = List.of(text("id", "Identifier at this server").withExactCase().asReadOnly(),
        text("externalId", "Identifier at the client").withExactCase(),
        complex("meta", "Metadata", text("resourceType", "Type"), time("created", "Time of creation"), time("lastModified", "Time of the last change"),
            reference("location", "URL"), text("version", "Entity tag")).asReadOnly());

    private final String wireName;
    private final String path;
    private final String description;
    private final Schema core;
    private final List<Schema> extensions;

    ResourceType(String wireName, String path, String description, Schema core, List<Schema> extensions) {
        this.wireName = wireName;
        this.path = path;
        this.description = description;
        this.core = core;
        this.extensions = extensions;
    }

    /** A schema: its URN and its attributes. */
    record Schema(String urn, String name, List<Attribute> attributes) {

        JsonObject toJson(String base) {
            return new JsonObject().put("schemas", new JsonArray().add(SCHEMA_SCHEMA)).put("id", urn).put("name", name)
                .put("attributes", Attribute.array(attributes))
                .put("meta", new JsonObject().put("resourceType", "Schema").put("location", base + "/Schemas/" + urn));
        }
    }

    String wireName() {
        return wireName;
    }

    /** The path below the base URL. */
    String path() {
        return path;
    }

    Schema core() {
        return core;
    }

    List<Schema> extensions() {
        return extensions;
    }

    /** The attributes outside extensions. */
    List<Attribute> attributes() {
        return Stream.concat(COMMON.stream(), core.attributes().stream()).toList();
    }

    static Stream<Schema> schemas() {
        return Stream.of(values()).flatMap(type -> Stream.concat(Stream.of(type.core), type.extensions.stream()));
    }

    JsonObject toJson(String base) {
        JsonArray extended = new JsonArray();
        extensions.forEach(extension -> extended.add(new JsonObject().put("schema", extension.urn()).put("required", false)));
        return new JsonObject().put("schemas", new JsonArray().add(TYPE_SCHEMA)).put("id", wireName).put("name", wireName)
            .put("endpoint", path).put("description", description).put("schema", core.urn()).put("schemaExtensions", extended)
            .put("meta", new JsonObject().put("resourceType", "ResourceType").put("location", base + "/ResourceTypes/" + wireName));
    }

    private static List<Attribute> userAttributes() {
        return List.of(text("userName", "Login name").asRequired(true),
            complex("name", "Name of the person", text("formatted", "Whole name"), text("familyName", "Family name"), text("givenName", "Given name"),
                text("middleName", "Middle names"), text("honorificPrefix", "Title before the name"), text("honorificSuffix", "Suffix of the name")),
            text("displayName", "Display name"), text("nickName", "Nickname"), reference("profileUrl", "URL of the profile"), text("title", "Job title"),
            text("userType", "Relation to the organization"), text("preferredLanguage", "Language"), text("locale", "Locale"),
            text("timezone", "Time zone"), truth("active", "Whether the person may log in; false ends all sessions and tokens"),
            values("emails", "Email addresses; the primary or the work address is that of the account"), values("phoneNumbers", "Phone numbers"),
            values("ims", "Instant messaging addresses"), values("photos", "URLs of photos"),
            several("addresses", "Postal addresses", text("formatted", "Whole address"), text("streetAddress", "Street"), text("locality", "Town"),
                text("region", "Region"), text("postalCode", "Postal code"), text("country", "Country"), text("type", "Kind"), truth("primary", "Preferred")),
            values("entitlements", "Entitlements"), values("roles", "Roles"),
            several("groups", "Groups of this client with the user", text("value", "Identifier").withExactCase(), reference("$ref", "URL"),
                text("display", "Name"), text("type", "Kind of membership")).asReadOnly());
    }

    private static Attribute values(String name, String description) {
        return several(name, description, text("value", "Value"), text("display", "Display name"), text("type", "Kind"), truth("primary", "Preferred"));
    }

    private static List<Attribute> enterpriseAttributes() {
        return List.of(text("employeeNumber", "Employee number"), text("costCenter", "Cost center"), text("organization", "Organization"),
            text("division", "Division"), text("department", "Department"),
            complex("manager", "Manager", text("value", "Identifier").withExactCase(), reference("$ref", "URL"), text("displayName", "Name")));
    }

    private static List<Attribute> groupAttributes() {
        return List.of(text("displayName", "Name of the group").asRequired(true),
            several("members", "Users in the group", text("value", "Identifier").withExactCase(), reference("$ref", "URL"), text("display", "Login name"),
                text("type", "User")));
    }
}
