package dev.gatehouse.mcp.stateless;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.util.NameTransformer;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A result with what this era has in every one (2026-07-28, basic, responses): written as the members of both in one object, without
 * building a tree of it.
 *
 * @param type    {@code complete} or another {@code resultType}
 * @param members further members; may be empty
 * @param value   what the operation answered: a record of the SDK without members of those names, or null
 */
record StatelessResult(String type, Map<String, Object> members, Object value) implements JsonSerializable {

    static final String COMPLETE = "complete";

    /** Serializers, which Jackson would create again for each result. Bounded by the number of result types in the SDK. */
    private static final Map<Class<?>, JsonSerializer<Object>> UNWRAPPED = new ConcurrentHashMap<>();

    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeStartObject();
        json.writeStringField("resultType", type);
        for (Map.Entry<String, Object> member : members.entrySet()) {
            json.writeFieldName(member.getKey());
            provider.defaultSerializeValue(member.getValue(), json);
        }
        if (value != null) {
            unwrapped(value.getClass(), provider).serialize(value, json, provider);
        }
        json.writeEndObject();
    }

    private static JsonSerializer<Object> unwrapped(Class<?> type, SerializerProvider provider) throws IOException {
        JsonSerializer<Object> known = UNWRAPPED.get(type);
        if (known == null) {
            known = provider.findValueSerializer(type).unwrappingSerializer(NameTransformer.NOP);
            UNWRAPPED.put(type, known);
        }
        return known;
    }

    @Override
    public void serializeWithType(JsonGenerator json, SerializerProvider provider, TypeSerializer types) throws IOException {
        serialize(json, provider);
    }

    /** The time for which clients may cache results, and the users for whom (2026-07-28, caching). */
    static final class Caching {

        /** For results that are the same for all users and change rarely, with a notification. */
        static final Map<String, Object> PUBLIC = Map.of("ttlMs", 60_000, "cacheScope", "public");
        /** For results of one user, which may change at any time. */
        static final Map<String, Object> PRIVATE = Map.of("ttlMs", 0, "cacheScope", "private");

        private static final Map<String, Map<String, Object>> BY_METHOD = Map.of(
            "tools/list", PUBLIC, "prompts/list", PUBLIC, "resources/templates/list", PUBLIC,
            "resources/list", PRIVATE, "resources/read", PRIVATE);

        private Caching() {
        }

        /** The members to add to the result of a method; none where it is not to be kept. */
        static Map<String, Object> of(String method, boolean listsByCaller) {
            Map<String, Object> members = BY_METHOD.getOrDefault(method, Map.of());
            return listsByCaller && members == PUBLIC ? PRIVATE : members;
        }
    }
}
