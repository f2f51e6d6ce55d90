package dev.gatehouse.mcp.schema;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/**
 * The bounds of a tool's schema (2026-07-28, basic, JSON Schema usage): dialect 2020-12, references to itself alone, and a bounded time to
 * check a value.
 */
public final class SchemaBounds {

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    /** The maximum number of schemas that apply to one value, each counted as often as it applies. */
    private static final int ONE_VALUE = 2_000;
    private static final int UNDER_WAY = -1;
    private static final List<String> REFUSED_BY_MODELS = List.of("oneOf", "anyOf", "allOf", "not", "enum");

    private final SchemaOutline outline;
    private final Map<String, Integer> looks = new HashMap<>();

    private SchemaBounds(Map<String, Object> schema) {
        this.outline = new SchemaOutline(schema);
    }

    /** Throws {@link IllegalArgumentException} that tells what is wrong with the schema of a tool's arguments. */
    public static void requireInput(String tool, Map<String, Object> schema) {
        require(tool, "input", schema);
        if (!"object".equals(schema.get("type"))) {
            throw new IllegalArgumentException("The input schema of the tool " + tool + " must have the type object");
        }
    }

    /** The keywords at the root of an input schema for which APIs of models refuse a list of tools. */
    public static List<String> keywordsThatModelsRefuse(Map<String, Object> schema) {
        return REFUSED_BY_MODELS.stream().filter(schema::containsKey).toList();
    }

    /** Throws {@link IllegalArgumentException} that tells what is wrong with the schema of a tool's structured content. */
    public static void requireOutput(String tool, Map<String, Object> schema) {
        require(tool, "output", schema);
    }

    private static void require(String tool, String which, Map<String, Object> schema) {
        try {
            new SchemaBounds(schema).check();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The " + which + " schema of the tool " + tool + " is not usable: " + e.getMessage(), e);
        }
    }

    private void check() {
        for (SchemaOutline.Member member : outline.members()) {
            checkDialect(member);
            checkPatterns(member);
            KeywordValues.require(member);
            for (String keyword : List.of("$ref", "$dynamicRef")) {
                if (member.schema().containsKey(keyword)) {
                    member.sameValue().add(target(member.schema().get(keyword)));
                }
            }
        }
        HeaderAnnotations.require(outline);
        outline.members().forEach(member -> count(member.pointer()));
    }

    /** A name within would change what references below it mean, and is of no use where all of them are local. */
    private static void checkDialect(SchemaOutline.Member member) {
        boolean isRoot = member.pointer().isEmpty();
        Object dialect = member.schema().get("$schema");
        if (dialect != null && !(isRoot && dialect instanceof String name && (name.equals(DIALECT) || name.equals(DIALECT + '#')))) {
            throw new IllegalArgumentException("the only dialect that is supported is " + DIALECT + ", named at the root");
        }
        if (!isRoot && member.schema().containsKey("$id")) {
            throw new IllegalArgumentException("it has an $id at #" + member.pointer() + ", which only the root may have");
        }
    }

    /** The validator compiles patterns at the first use, which is too late to refuse a tool. */
    private static void checkPatterns(SchemaOutline.Member member) {
        List<Object> patterns = new ArrayList<>();
        if (member.schema().containsKey("pattern")) {
            patterns.add(member.schema().get("pattern"));
        }
        if (member.schema().get("patternProperties") instanceof Map<?, ?> properties) {
            patterns.addAll(properties.keySet());
        }
        for (Object pattern : patterns) {
            if (!(pattern instanceof String regex) || !isRegularExpression(regex)) {
                throw new IllegalArgumentException("it has a pattern at #" + member.pointer() + " that is not a regular expression");
            }
        }
    }

    private static boolean isRegularExpression(String regex) {
        try {
            BoundedPatterns.compile(regex);
            return true;
        } catch (PatternSyntaxException malformed) {
            return false;
        }
    }

    private String target(Object reference) {
        String pointer = reference instanceof String text && text.startsWith("#") ? resolve(text) : null;
        if (pointer == null || outline.at(pointer) == null) {
            throw new IllegalArgumentException("it refers to " + reference + ", which is not a schema in it; nothing is ever fetched");
        }
        return pointer;
    }

    private String resolve(String reference) {
        String fragment = URI.create(reference).getFragment();
        return fragment.isEmpty() || fragment.startsWith("/") ? fragment : outline.anchored(fragment);
    }

    private int count(String pointer) {
        Integer known = looks.put(pointer, UNDER_WAY);
        if (known != null && known == UNDER_WAY) {
            throw new IllegalArgumentException("#" + pointer + " refers to itself without going further into the value");
        }
        int count = 1;
        if (known == null) {
            for (String each : outline.at(pointer).sameValue()) {
                count += count(each);
                if (count > ONE_VALUE) {
                    throw new IllegalArgumentException("more than " + ONE_VALUE + " schemas would look at one value at #" + pointer);
                }
            }
        }
        looks.put(pointer, known == null ? count : known);
        return looks.get(pointer);
    }

    /** The values of keywords (JSON Schema Validation 2020-12 §6). The validator refuses others at the first use, which is too late to refuse a tool. */
    private static final class KeywordValues {

        private static final Set<String> TYPES = Set.of("null", "boolean", "object", "array", "number", "string", "integer");
        private static final Map<String, Predicate<Object>> ALLOWED = new HashMap<>();

        static {
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum").forEach(keyword -> ALLOWED.put(keyword, Number.class::isInstance));
            List.of("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "maxContains", "minContains")
                .forEach(keyword -> ALLOWED.put(keyword, KeywordValues::isCount));
            ALLOWED.put("multipleOf", value -> value instanceof Number number && number.doubleValue() > 0);
            ALLOWED.put("uniqueItems", Boolean.class::isInstance);
            ALLOWED.put("enum", List.class::isInstance);
            ALLOWED.put("required", KeywordValues::areTexts);
            ALLOWED.put("dependentRequired", value -> value instanceof Map<?, ?> map && map.values().stream().allMatch(KeywordValues::areTexts));
            ALLOWED.put("type", value -> value instanceof List<?> types ? !types.isEmpty() && types.stream().allMatch(KeywordValues::isType) : isType(value));
            ALLOWED.put("format", String.class::isInstance);
        }

        private KeywordValues() {
        }

        /** Throws {@link IllegalArgumentException} if a keyword has a value that it cannot have. */
        static void require(SchemaOutline.Member member) {
            member.schema().forEach((keyword, value) -> {
                if (!ALLOWED.getOrDefault(keyword, any -> true).test(value)) {
                    throw new IllegalArgumentException("it has a value at #" + member.pointer() + '/' + keyword + " that the keyword cannot have");
                }
            });
        }

        private static boolean isCount(Object value) {
            return value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() == Math.rint(number.doubleValue());
        }

        private static boolean isType(Object value) {
            return value instanceof String name && TYPES.contains(name);
        }

        private static boolean areTexts(Object value) {
            return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
        }
    }

    /**
     * The rules for {@code x-mcp-header} (2026-07-28, Streamable HTTP, schema extension). Every client ignores a tool that breaks them, so the
     * server does not offer it.
     */
    private static final class HeaderAnnotations {

        private static final String KEYWORD = "x-mcp-header";
        private static final Set<String> MIRRORED_TYPES = Set.of("string", "integer", "boolean");
        private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

        private HeaderAnnotations() {
        }

        /** Throws {@link IllegalArgumentException} if one is not as it must be. */
        static void require(SchemaOutline outline) {
            Set<String> names = new HashSet<>();
            for (SchemaOutline.Member member : outline.members()) {
                if (member.schema().containsKey(KEYWORD)) {
                    require(member, names);
                }
            }
        }

        private static void require(SchemaOutline.Member member, Set<String> names) {
            String where = " at #" + member.pointer();
            if (!(member.schema().get(KEYWORD) instanceof String name) || !isToken(name)) {
                throw new IllegalArgumentException(KEYWORD + where + " must be a field name of HTTP");
            }
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(KEYWORD + where + " is given to another parameter already");
            }
            if (!(member.schema().get("type") instanceof String type) || !MIRRORED_TYPES.contains(type)) {
                throw new IllegalArgumentException(KEYWORD + where + " belongs to a string, an integer or a boolean");
            }
            if (!isReachedByProperties(member.pointer())) {
                throw new IllegalArgumentException(KEYWORD + where + " must be reached from the root by properties alone");
            }
        }

        private static boolean isReachedByProperties(String pointer) {
            String[] steps = pointer.split("/", -1);
            for (int i = 1; i < steps.length; i += 2) {
                if (!steps[i].equals("properties")) {
                    return false;
                }
            }
            return steps.length > 1;
        }

        /** RFC 9110 §5.6.2. */
        private static boolean isToken(String name) {
            return !name.isEmpty() && name.chars().allMatch(each -> each < 128 && (Character.isLetterOrDigit(each) || TOKEN_MARKS.indexOf(each) >= 0));
        }
    }
}
