package dev.gatehouse.mcp.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schemas within a schema, by JSON pointer (JSON Schema 2020-12 core §10, §11), without what stands beside them as data, such as
 * examples. Bounded while it is read.
 */
final class SchemaOutline {

    private static final int DEEPEST = 32;
    private static final int LARGEST = 1_000;
    private static final Set<String> ONE = Set.of("not", "if", "then", "else", "additionalProperties", "items", "contains", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties", "contentSchema");
    private static final Set<String> SEVERAL = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final Set<String> NAMED = Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
    /** Those that look at the same value as the schema that they stand in. */
    private static final Set<String> SAME_VALUE = Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> anchors = new HashMap<>();

    /**
     * One schema.
     *
     * @param schema    its keywords; none for {@code true} and {@code false}
     * @param sameValue pointers of the schemas in it that look at the same value
     */
    record Member(String pointer, Map<?, ?> schema, List<String> sameValue) {
    }

    /** Throws {@link IllegalArgumentException} if a keyword has not the type that it must have, or there is too much in the schema. */
    SchemaOutline(Map<String, Object> root) {
        add("", root, 0);
    }

    Iterable<Member> members() {
        return members.values();
    }

    /** Returns true if a nested schema refers to another one, or back to itself. */
    boolean hasReferences() {
        return members.values().stream().anyMatch(member -> member.schema().containsKey("$ref") || member.schema().containsKey("$dynamicRef"));
    }

    /** The schema of that pointer, or null. */
    Member at(String pointer) {
        return members.get(pointer);
    }

    /** The pointer of the schema with that anchor, or null. */
    String anchored(String anchor) {
        return anchors.get(anchor);
    }

    private void add(String pointer, Object value, int depth) {
        if (depth > DEEPEST || members.size() >= LARGEST) {
            throw new IllegalArgumentException("it has more than " + LARGEST + " schemas in it, or more than " + DEEPEST + " one in another");
        }
        if (value instanceof Boolean) {
            members.put(pointer, new Member(pointer, Map.of(), List.of()));
            return;
        }
        Map<?, ?> schema = require(Map.class, value, pointer, "a schema");
        Member member = new Member(pointer, schema, new ArrayList<>());
        members.put(pointer, member);
        for (String keyword : new String[] {"$anchor", "$dynamicAnchor"}) {
            if (schema.containsKey(keyword)) {
                anchors.put(require(String.class, schema.get(keyword), pointer, keyword), pointer);
            }
        }
        schema.forEach((keyword, within) -> addWithin(member, (String) keyword, within, depth + 1));
    }

    private void addWithin(Member member, String keyword, Object within, int depth) {
        String pointer = member.pointer() + '/' + keyword;
        Map<String, Object> schemas = new LinkedHashMap<>();
        if (ONE.contains(keyword)) {
            schemas.put(pointer, within);
        } else if (SEVERAL.contains(keyword)) {
            List<?> list = require(List.class, within, pointer, keyword);
            for (int i = 0; i < list.size(); i++) {
                schemas.put(pointer + '/' + i, list.get(i));
            }
        } else if (NAMED.contains(keyword)) {
            Map<?, ?> named = require(Map.class, within, pointer, keyword);
            named.forEach((name, each) -> schemas.put(pointer + '/' + escape((String) name), each));
        }
        schemas.forEach((at, each) -> add(at, each, depth));
        if (SAME_VALUE.contains(keyword)) {
            member.sameValue().addAll(schemas.keySet());
        }
    }

    /** RFC 6901 §3. */
    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static <T> T require(Class<T> type, Object value, String pointer, String what) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(what + " at #" + pointer + " is of the wrong type");
        }
        return type.cast(value);
    }
}
