package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A prompt of the MCP server: messages that a person picks to begin with. One instance serves all callers. */
public interface Prompt {

    /** {@return the description in {@code prompts/list}} */
    PromptDefinition definition();

    /** {@return the scopes that the prompt needs, all of them; none by default} */
    default Set<String> scopes() {
        return Set.of();
    }

    /**
     * Makes the messages. The required arguments are present.
     *
     * @param call the request
     * @return the messages; a failure with {@link CallRefused} sends the caller its message, any other failure is logged only
     */
    Future<PromptResult> get(PromptCall call);

    /**
     * Completes an argument.
     *
     * @param caller the caller
     * @param argument the argument's name
     * @param prefix   what has been typed so far, possibly empty
     * @param others   arguments that have been filled in already
     * @return values that fit; at most 100 of them reach the caller
     */
    default Future<List<String>> complete(Caller caller, String argument, String prefix, Map<String, String> others) {
        return Future.succeededFuture(List.of());
    }
}
