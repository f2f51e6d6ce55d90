package dev.gatehouse.mcp.api;

import java.util.List;
import java.util.Objects;

/**
 * The messages of a prompt.
 *
 * @param description for people, or null
 */
public record PromptResult(String description, List<Message> messages) {

    public PromptResult {
        messages = List.copyOf(messages);
    }

    /** Said by the user, or by the model in their place. */
    public record Message(boolean byUser, Content content) {

        public Message {
            Objects.requireNonNull(content, "content");
        }

        public static Message user(Content content) {
            return new Message(true, content);
        }

        public static Message assistant(Content content) {
            return new Message(false, content);
        }
    }
}
