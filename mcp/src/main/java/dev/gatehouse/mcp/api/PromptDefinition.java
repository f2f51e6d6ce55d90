package dev.gatehouse.mcp.api;

import java.util.List;
import java.util.Objects;

/**
 * The description of a prompt in {@code prompts/list}.
 *
 * @param name        unique
 * @param title       for people
 * @param description for people
 * @param arguments the arguments, in order
 */
public record PromptDefinition(String name, String title, String description, List<Argument> arguments) {

    /**
     * Checks the components.
     *
     * @param name unique
     * @param title for people
     * @param description for people
     * @param arguments the arguments, in order
     */
    public PromptDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(description, "description");
        arguments = List.copyOf(arguments);
    }

    /**
     * An argument that the user fills in.
     *
     * @param name unique in the prompt
     * @param description for people
     * @param required whether a request must have it
     */
    public record Argument(String name, String description, boolean required) {

        /**
         * Checks the components.
         *
         * @param name unique in the prompt
         * @param description for people
         * @param required whether a request must have it
         */
        public Argument {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(description, "description");
        }
    }
}
