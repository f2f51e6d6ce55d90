package dev.gatehouse.mcp.schema;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The rules for {@code x-mcp-header} (2026-07-28, Streamable HTTP, schema extension). Every client ignores a tool that breaks them, so the
 * server does not offer it.
 */
final class HeaderAnnotations {

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
