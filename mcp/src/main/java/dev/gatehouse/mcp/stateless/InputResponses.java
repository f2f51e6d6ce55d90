package dev.gatehouse.mcp.stateless;

import java.util.Map;

/** {@code inputResponses} of a request (2026-07-28, multi round-trip requests). */
final class InputResponses {

    private InputResponses() {
    }

    /** Reads answers by key. Throws {@link StatelessError} if they are ill-typed. */
    @SuppressWarnings("unchecked")
    static void read(Object responses, Map<String, Map<String, Object>> answers) {
        if (!(responses instanceof Map<?, ?> byKey)) {
            throw StatelessError.invalidParams("inputResponses must be an object");
        }
        byKey.forEach((key, answer) -> {
            if (!(answer instanceof Map)) {
                throw StatelessError.invalidParams("inputResponses must have objects as members");
            }
            answers.put((String) key, (Map<String, Object>) answer);
        });
    }
}
