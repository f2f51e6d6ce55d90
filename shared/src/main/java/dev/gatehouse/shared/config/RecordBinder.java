package dev.gatehouse.shared.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Binds a configuration to records that mirror its schema: one component for each key, with the key's name. Absent keys take
 * the schema's default; a key without a default is null. Components are texts, numbers, truth values, enums (written in lower
 * case), lists, sets, maps, JSON objects, records, and the types that a parser is given for. An {@link OptionalInt} is empty
 * for the word "unlimited". A record of one component can also stand for a value that is no section.
 */
public final class RecordBinder {

    private static final String UNLIMITED = "unlimited";

    private final SchemaNode schema;
    private final Map<Class<?>, Function<String, ?>> parsers;

    /**
     * Creates a binder for one schema.
     *
     * @param schemaResource a JSON schema on the class path
     * @param parsers makes a value of a text, and throws a {@link RuntimeException} for a text that it rejects
     */
    public RecordBinder(String schemaResource, Map<Class<?>, Function<String, ?>> parsers) {
        this.schema = new SchemaNode(ConfigFile.sharedSchema(schemaResource));
        this.parsers = Map.copyOf(parsers);
    }

    /**
     * Binds a configuration with its variables filled in.
     *
     * @param <T> the type of the record
     * @param configuration the configuration
     * @param type the record's class
     * @return the record
     * @throws StartupException with the path of a key whose value has the wrong type
     * @throws IllegalStateException when the record and the schema do not have the same keys
     */
    public <T extends Record> T bind(JsonObject configuration, Class<T> type) {
        Object named = configuration.getValue("profile", schema.property("profile").defaultIn(Profile.PRODUCTION));
        Profile profile = (Profile) enumConstant(schema.property("profile"), Profile.class, named, "profile");
        return type.cast(new Binding(profile).section(schema, type, configuration, ""));
    }

    private static Object enumConstant(SchemaNode node, Class<?> type, Object value, String path) {
        return Arrays.stream(type.getEnumConstants()).filter(constant -> ((Enum<?>) constant).name().equalsIgnoreCase(String.valueOf(value)))
            .findFirst().orElseThrow(() -> new StartupException(node.problem(path, value)));
    }

    /** The binding of one configuration, with the defaults of its profile. */
    private final class Binding {
        private final Profile profile;

        Binding(Profile profile) {
            this.profile = profile;
        }

        Object section(SchemaNode node, Class<?> type, JsonObject json, String path) {
            RecordComponent[] components = type.getRecordComponents();
            Map<String, SchemaNode> keys = node.properties();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                String key = components[i].getName();
                SchemaNode property = keys.remove(key);
                if (property == null) {
                    throw new IllegalStateException("The schema has no key " + path(path, key) + ", which " + type.getSimpleName() + " has");
                }
                values[i] = component(property, components[i], json.getValue(key), path(path, key));
            }
            if (!keys.isEmpty()) {
                throw new IllegalStateException(type.getSimpleName() + " has no component for the keys " + keys.keySet() + " of the schema");
            }
            return create(type, components, values, path);
        }

        private Object component(SchemaNode node, RecordComponent component, Object written, String path) {
            Object value = written != null ? written : node.defaultIn(profile);
            if (value == null && node.isSection() && !node.isOptionalSection()) {
                value = new JsonObject();
            }
            if (value == null && component.getType().isPrimitive()) {
                throw new IllegalStateException("The schema has no default for " + path);
            }
            return value == null ? null : value(node, component.getGenericType(), value, path);
        }

        private Object value(SchemaNode node, Type type, Object value, String path) {
            if (type instanceof ParameterizedType generic) {
                return container(node, generic, value, path);
            }
            Class<?> plain = (Class<?>) type;
            if (plain.isRecord() && node.isSection() && value instanceof JsonObject json) {
                return section(node, plain, json, path);
            }
            if (plain.isRecord() && !node.isSection() && !parsers.containsKey(plain)) {
                RecordComponent[] components = plain.getRecordComponents();
                return create(plain, components, new Object[] {value(node, components[0].getGenericType(), value, path)}, path);
            }
            Object bound = value instanceof Number number ? number(plain, number) : value instanceof String text ? text(node, plain, text, path)
                : value instanceof Boolean && plain == boolean.class || plain.isInstance(value) ? value : null;
            if (bound == null) {
                throw new StartupException(node.problem(path, value));
            }
            return bound;
        }

        private Object text(SchemaNode node, Class<?> type, String text, String path) {
            if (type.isEnum()) {
                return enumConstant(node, type, text, path);
            }
            if (type == OptionalInt.class) {
                return text.equals(UNLIMITED) ? OptionalInt.empty() : null;
            }
            Function<String, ?> parser = parsers.get(type);
            try {
                return parser != null ? parser.apply(text) : type == String.class ? text : null;
            } catch (RuntimeException rejected) {
                throw new StartupException(node.problem(path, text), rejected);
            }
        }

        private Object container(SchemaNode node, ParameterizedType type, Object value, String path) {
            Type[] arguments = type.getActualTypeArguments();
            if (type.getRawType() == Map.class && value instanceof JsonObject json) {
                Map<String, Object> entries = new LinkedHashMap<>();
                json.forEach(entry -> entries.put(entry.getKey(),
                    value(node.property(entry.getKey()), arguments[1], entry.getValue(), path(path, entry.getKey()))));
                return entries;
            }
            if (type.getRawType() == Map.class || !(value instanceof JsonArray) && !node.allows("string")) {
                throw new StartupException(node.problem(path, value));
            }
            JsonArray written = value instanceof JsonArray array ? array : JsonArray.of(value);
            List<Object> entries = new ArrayList<>();
            for (int i = 0; i < written.size(); i++) {
                entries.add(value(node.items(), arguments[0], written.getValue(i), path + "[" + i + "]"));
            }
            return type.getRawType() == Set.class ? new LinkedHashSet<>(entries) : entries;
        }
    }

    private static String path(String section, String key) {
        return section.isEmpty() ? key : section + "." + key;
    }

    /** Returns null when the number is not of the type, or too large for it. */
    private static Object number(Class<?> type, Number number) {
        if (!(number instanceof Integer) && !(number instanceof Long)) {
            return null;
        }
        if (type == long.class || type == Long.class) {
            return number.longValue();
        }
        if (number.longValue() != number.intValue()) {
            return null;
        }
        return type == int.class || type == Integer.class ? (Object) number.intValue() : type == OptionalInt.class ? OptionalInt.of(number.intValue()) : null;
    }

    private static Object create(Class<?> type, RecordComponent[] components, Object[] values, String path) {
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof StartupException cause ? cause : new StartupException(path + ": " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot create " + type, e);
        }
    }
}
