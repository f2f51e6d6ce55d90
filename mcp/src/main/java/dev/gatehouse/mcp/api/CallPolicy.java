package dev.gatehouse.mcp.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which caller may call which tool, with which arguments. Reads of resources and uses of prompts are decided as calls of {@link #RESOURCE_READ}
 * and {@link #PROMPT_GET}, whose names no tool can have. The scopes are checked before. The methods run on event loops,
 * so they must not block; calls with large arguments are decided on worker threads.
 */
public interface CallPolicy {

    /** A read of a resource, with the argument {@code uri}. */
    ToolDefinition RESOURCE_READ = new ToolDefinition("resources/read", "Read a resource", "Reads a resource of this server.",
        Map.of("type", "object", "required", List.of("uri"), "properties", Map.of("uri", Map.of("type", "string"))), null, ToolHints.reads());

    /** A use of a prompt, with the arguments {@code name} and {@code arguments}. */
    ToolDefinition PROMPT_GET = new ToolDefinition("prompts/get", "Use a prompt", "Uses a prompt of this server.",
        Map.of("type", "object", "required", List.of("name"), "properties", Map.of("name", Map.of("type", "string"), "arguments", Map.of("type", "object"))), null,
        ToolHints.reads());

    /** Allows every call. */
    CallPolicy NONE = new CallPolicy() {
        @Override
        public Verdict decide(Caller caller, ToolDefinition tool, Map<String, Object> arguments) {
            return Verdict.ALLOWED;
        }

        @Override
        public Optional<StepUp> stepUp(Caller caller, ToolDefinition tool, Map<String, Object> arguments) {
            return Optional.empty();
        }

        @Override
        public boolean isListed(Caller caller, ToolDefinition tool) {
            return true;
        }

        @Override
        public boolean listsByCaller() {
            return false;
        }
    };

    /**
     * Decides a call.
     *
     * @param caller the caller
     * @param tool the tool
     * @param arguments the arguments, valid against the tool's input schema
     * @return the verdict
     */
    Verdict decide(Caller caller, ToolDefinition tool, Map<String, Object> arguments);

    /**
     * Decides whether the caller has to authenticate again before a call. A transport with challenges asks this before it begins the response.
     *
     * @param caller the caller
     * @param tool the tool
     * @param arguments the arguments, not yet validated; null if they are large
     * @return what the authentication must fulfil; empty if the call needs no other authentication, or is refused anyway
     */
    Optional<StepUp> stepUp(Caller caller, ToolDefinition tool, Map<String, Object> arguments);

    /**
     * {@return whether {@code tools/list} shows the tool to the caller}
     *
     * @param caller the caller
     * @param tool the tool
     */
    boolean isListed(Caller caller, ToolDefinition tool);

    /** {@return whether {@link #isListed} depends on the caller} */
    boolean listsByCaller();

    /** The outcome of a decision. */
    sealed interface Verdict permits Allowed, Refused, StepUp, Approval {

        /** The call may run. */
        Verdict ALLOWED = new Allowed();
    }

    /** The call may run. */
    record Allowed() implements Verdict {
    }

    /**
     * The call may not run.
     *
     * @param message the text for the caller
     */
    record Refused(String message) implements Verdict {
    }

    /**
     * The call needs another authentication of the user (RFC 9470).
     *
     * @param acrValues the authentication contexts that are sufficient, in order of preference; empty for any
     * @param maxAgeSeconds the maximum age of the authentication; null for any
     */
    record StepUp(List<String> acrValues, Integer maxAgeSeconds) implements Verdict {

        /**
         * Copies the values.
         *
         * @param acrValues the authentication contexts that are sufficient
         * @param maxAgeSeconds the maximum age of the authentication; null for any
         */
        public StepUp {
            acrValues = List.copyOf(acrValues);
        }
    }

    /**
     * The call needs the approval of the user, each time.
     *
     * @param key identifies the question: the same for the same rule, tool and arguments
     * @param message the question
     */
    record Approval(String key, String message) implements Verdict {
    }
}
