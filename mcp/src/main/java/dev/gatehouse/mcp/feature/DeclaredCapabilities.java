package dev.gatehouse.mcp.feature;

import java.util.Map;

/**
 * The capabilities that a client has declared, in {@code initialize} or in the {@code _meta} of a request.
 *
 * @param members as received
 */
public record DeclaredCapabilities(Map<?, ?> members) {

    /**
     * {@return whether the client has declared a capability}
     *
     * @param capability with dots between levels; {@code elicitation} alone means forms
     */
    public boolean declares(String capability) {
        Object level = members;
        for (String name : capability.split("\\.")) {
            if (!(level instanceof Map<?, ?> within) || !(within.get(name) instanceof Map)) {
                return false;
            }
            level = within.get(name);
        }
        return !capability.equals("elicitation") || allowsForms((Map<?, ?>) level);
    }

    private static boolean allowsForms(Map<?, ?> elicitation) {
        return elicitation.get("form") != null || elicitation.get("url") == null;
    }

    /**
     * {@return whether the client has declared an extension}
     *
     * @param extension the name of the extension
     */
    public boolean declaresExtension(String extension) {
        return members.get("extensions") instanceof Map<?, ?> extensions && extensions.get(extension) instanceof Map;
    }
}
