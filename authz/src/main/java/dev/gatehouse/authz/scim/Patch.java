package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.Filter.And;
import dev.gatehouse.authz.scim.Filter.Comparison;
import dev.gatehouse.authz.scim.Filter.Operator;
import dev.gatehouse.authz.scim.FilterParser.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Applies the operations of a PATCH request to a resource (RFC 7644 §3.5.2), with the deviations of Microsoft Entra and Okta. Pure. */
final class Patch {

    private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    private static final int MOST_OPERATIONS = 1_000;

    private final ResourceType type;
    private final JsonObject resource;

    private Patch(ResourceType type, JsonObject resource) {
        this.type = type;
        this.resource = resource;
    }

    /** Returns the changed resource. @throws ScimException if one of the operations cannot be applied; then none counts */
    static JsonObject apply(ResourceType type, JsonObject before, JsonObject request) {
        Object schemas = ResourceReader.member(request, "schemas");
        if (!(schemas instanceof JsonArray list) || list.stream().noneMatch(each -> SCHEMA.equalsIgnoreCase(String.valueOf(each)))) {
            throw ScimException.invalidSyntax("schemas must contain " + SCHEMA);
        }
        if (!(ResourceReader.member(request, "Operations") instanceof JsonArray operations) || operations.isEmpty() || operations.size() > MOST_OPERATIONS) {
            throw ScimException.invalidSyntax("Operations is a list of 1 to " + MOST_OPERATIONS + " operations");
        }
        Patch patch = new Patch(type, before.copy());
        operations.forEach(patch::operation);
        return patch.resource;
    }

    private void operation(Object sent) {
        if (!(sent instanceof JsonObject operation)) {
            throw ScimException.invalidSyntax("An operation is an object");
        }
        String name = String.valueOf(ResourceReader.member(operation, "op")).toLowerCase(Locale.ROOT);
        Object path = ResourceReader.member(operation, "path");
        Object value = ResourceReader.member(operation, "value");
        if (!List.of("add", "replace", "remove").contains(name)) {
            throw ScimException.invalidSyntax("op is add, replace or remove");
        }
        if (path != null && !(path instanceof String)) {
            throw ScimException.invalidPath("path is a text");
        }
        if (path != null && !((String) path).isBlank()) {
            at(FilterParser.target(type, (String) path), name, value);
        } else if (name.equals("remove")) {
            throw ScimException.noTarget("remove needs a path");
        } else if (value instanceof JsonObject members) {
            members.forEach(member -> withoutPath(name, member));
        } else {
            throw ScimException.invalidValue("An operation without a path has an object as its value");
        }
    }

    /** The names may be paths, as from Microsoft Entra. The identifier of the resource may be repeated, as by Okta. */
    private void withoutPath(String name, Map.Entry<String, Object> member) {
        AttributePath.find(type, member.getKey()).filter(path -> path.attribute() == null || !path.attribute().readOnly())
            .ifPresent(path -> at(new Target(path, null, null), member.getValue() == null ? "remove" : name, member.getValue()));
    }

    private void at(Target target, String name, Object value) {
        AttributePath path = target.path();
        if (path.attribute() == null) {
            extension(path.extension(), name, value);
            return;
        }
        if (path.attribute().readOnly()) {
            throw ScimException.mutability(path.attribute().name() + " is read-only");
        }
        if (name.equals("add") && value == null) {
            throw ScimException.invalidValue("The value is missing");
        }
        if (name.equals("remove") || value == null) {
            remove(target, value);
        } else if (target.filter() != null) {
            elements(target, name, value);
        } else if (path.part() != null) {
            part(path, value);
        } else {
            whole(path, name, value);
        }
    }

    private void extension(String urn, String name, Object value) {
        if (name.equals("remove")) {
            resource.remove(urn);
        } else if (value instanceof JsonObject members) {
            members.forEach(member -> AttributePath.find(type, urn + ":" + member.getKey())
                .ifPresent(path -> at(new Target(path, null, null), member.getValue() == null ? "remove" : name, member.getValue())));
        } else {
            throw ScimException.invalidValue("The value of an extension is an object");
        }
    }

    private JsonObject holder(AttributePath path) {
        if (path.extension() != null && !resource.containsKey(path.extension())) {
            resource.put(path.extension(), new JsonObject());
        }
        return path.holder(resource);
    }

    private void whole(AttributePath path, String name, Object value) {
        Attribute attribute = path.attribute();
        Object read = ResourceReader.read(attribute, value);
        JsonObject holder = holder(path);
        if (read == null) {
            if (name.equals("replace")) {
                holder.remove(attribute.name());
            }
        } else if (attribute.multiValued() && name.equals("add")) {
            append(holder, attribute, (JsonArray) read);
        } else if (!attribute.multiValued() && attribute.isComplex() && holder.getValue(attribute.name()) instanceof JsonObject before) {
            before.mergeIn((JsonObject) read);
        } else {
            holder.put(attribute.name(), read);
        }
    }

    /** Adds the values that the list does not have. */
    private static void append(JsonObject holder, Attribute attribute, JsonArray added) {
        JsonArray values = holder.getJsonArray(attribute.name(), new JsonArray());
        added.stream().map(JsonObject.class::cast).filter(each -> values.stream().noneMatch(known -> isSame(attribute, (JsonObject) known, each)))
            .toList().forEach(each -> {
                if (ResourceReader.isPrimary(each)) {
                    demote(values);
                }
                values.add(each);
            });
        holder.put(attribute.name(), values);
    }

    /** A member is the same by its identifier. */
    private static boolean isSame(Attribute attribute, JsonObject one, JsonObject other) {
        return attribute.name().equals("members") ? one.getValue("value") != null && one.getValue("value").equals(other.getValue("value"))
            : one.equals(other);
    }

    /** A list has one primary value, so a new one replaces it (RFC 7644 §3.5.2). */
    private static void demote(JsonArray values) {
        values.forEach(each -> ((JsonObject) each).remove("primary"));
    }

    private void part(AttributePath path, Object value) {
        JsonObject holder = holder(path);
        String name = path.attribute().name();
        if (!path.attribute().multiValued()) {
            if (!holder.containsKey(name)) {
                holder.put(name, new JsonObject());
            }
            set(holder.getJsonObject(name), path.part(), value);
            return;
        }
        if (!(holder.getValue(name) instanceof JsonArray values)) {
            throw ScimException.noTarget("There is no value of " + name);
        }
        values.forEach(each -> set((JsonObject) each, path.part(), value));
    }

    private static void set(JsonObject element, Attribute part, Object value) {
        Object read = ResourceReader.read(part, value);
        if (read == null) {
            element.remove(part.name());
        } else {
            element.put(part.name(), read);
        }
    }

    private void elements(Target target, String name, Object value) {
        Attribute attribute = target.path().attribute();
        JsonObject holder = holder(target.path());
        JsonArray values = attribute.multiValued() ? holder.getJsonArray(attribute.name(), new JsonArray()) : new JsonArray(Stream.of(
            holder.getJsonObject(attribute.name(), new JsonObject())).toList());
        List<JsonObject> matched = values.stream().map(JsonObject.class::cast).filter(target.filter()::matches).toList();
        if (matched.isEmpty()) {
            // Clients replace a value that they have not created. The comparisons of the filter describe the new one.
            JsonObject created = described(target.filter());
            if (created == null || !attribute.multiValued()) {
                throw ScimException.noTarget("No value of " + attribute.name() + " matches the filter");
            }
            values.add(created);
            holder.put(attribute.name(), values);
            matched = List.of(created);
        }
        for (JsonObject element : matched) {
            change(values, element, target.part(), attribute, value);
        }
    }

    private static void change(JsonArray values, JsonObject element, Attribute part, Attribute attribute, Object value) {
        if (part != null) {
            if (part.name().equals("primary") && Boolean.TRUE.equals(ResourceReader.read(part, value))) {
                demote(values);
            }
            set(element, part, value);
        } else if (ResourceReader.read(attribute, value) instanceof JsonArray read && read.size() == 1) {
            if (ResourceReader.isPrimary(read.getValue(0))) {
                demote(values);
            }
            element.mergeIn(read.getJsonObject(0));
        } else {
            throw ScimException.invalidValue("The value of a filtered path is one object");
        }
    }

    /** The value that a filter of equalities describes; null for any other filter. */
    private static JsonObject described(Filter filter) {
        JsonObject described = new JsonObject();
        List<Filter> all = filter instanceof And and ? and.all() : List.of(filter);
        for (Filter each : all) {
            if (!(each instanceof Comparison equality) || equality.operator() != Operator.EQ || equality.value() == null) {
                return null;
            }
            described.put(equality.path().attribute().name(), equality.value());
        }
        return described;
    }

    /** @param listed the values to remove, as Microsoft Entra sends them beside the path of a list; null to remove all that the path selects */
    private void remove(Target target, Object listed) {
        AttributePath path = target.path();
        JsonObject holder = path.holder(resource);
        String name = path.attribute().name();
        if (holder == null || !holder.containsKey(name)) {
            return;
        }
        if (path.part() != null) {
            path.values(resource).filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList().forEach(each -> each.remove(path.part().name()));
        } else if (target.filter() != null) {
            removeElements(holder, target);
        } else if (listed != null && path.attribute().multiValued() && ResourceReader.read(path.attribute(), listed) instanceof JsonArray removed) {
            keep(holder, name, holder.getJsonArray(name).stream().map(JsonObject.class::cast).filter(each -> removed.stream()
                .map(JsonObject.class::cast).noneMatch(other -> other.getValue("value") != null && other.getValue("value").equals(each.getValue("value")))).toList());
        } else {
            holder.remove(name);
        }
    }

    private static void removeElements(JsonObject holder, Target target) {
        String name = target.path().attribute().name();
        Stream<JsonObject> values = target.path().attribute().multiValued() ? holder.getJsonArray(name).stream().map(JsonObject.class::cast)
            : Stream.of(holder.getJsonObject(name));
        if (target.part() != null) {
            values.filter(target.filter()::matches).toList().forEach(each -> each.remove(target.part().name()));
        } else if (target.path().attribute().multiValued()) {
            keep(holder, name, values.filter(each -> !target.filter().matches(each)).toList());
        } else if (values.anyMatch(target.filter()::matches)) {
            holder.remove(name);
        }
    }

    private static void keep(JsonObject holder, String name, List<JsonObject> kept) {
        if (kept.isEmpty()) {
            holder.remove(name);
        } else {
            holder.put(name, new JsonArray(kept));
        }
    }
}
