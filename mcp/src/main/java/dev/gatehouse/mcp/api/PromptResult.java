package dev.gatehouse.mcp.api;

import java.util.List;
import java.util.Objects;

/**
 * The messages of a prompt.
 *
 * @param description for people, or null
 * @param messages the messages, in order
 */
public record PromptResult(String description, List<Message> messages) {

    /**
     * Checks the components.
     *
     * @param description for people, or null
     * @param messages the messages, in order
     */
    public PromptResult {
        messages = List.copyOf(messages);
    }

    /**
     * A message of the user, or of the model.
     *
     * @param byUser whether the user says it
     * @param content the content
     */
    public record Message(boolean byUser, Content content) {

        /**
         * Checks the components.
         *
         * @param byUser whether the user says it
         * @param content the content
         */
        public Message {
            Objects.requireNonNull(content, "content");
        }

        /**
         * {@return a message of the user}
         *
         * @param content the content
         */
        public static Message user(Content content) {
            return new Message(true, content);
        }

        /**
         * {@return a message of the model}
         *
         * @param content the content
         */
        public static Message assistant(Content content) {
            return new Message(false, content);
        }
    }
}
