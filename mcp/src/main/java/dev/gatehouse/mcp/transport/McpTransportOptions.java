package dev.gatehouse.mcp.transport;

import java.util.Set;

/**
 * Limits and allow-lists of the transports.
 *
 * @param allowedOrigins       exact origins ({@code https://app.example}) that browsers may call from
 * @param allowedHosts         exact {@code Host} values ({@code localhost:8001}); empty allows any
 * @param bodyBytes            largest request body, and largest stdio line
 * @param jsonDepth            deepest nesting of a message
 * @param sessionsMaximum      sessions in all
 * @param sessionsPerPrincipal sessions of one principal, and subscriptions of the era without sessions
 * @param sessionIdleSeconds   after which a session without an open stream ends
 * @param keepAliveSeconds     between comments on an idle SSE stream
 * @param revalidateSeconds    between checks of the token of an open stream, where there are few tokens
 * @param requestSeconds       the longest wait for a request body, and for the answer to a question asked of the client
 * @param queueBytes           what may wait for a slow reader before its connection is closed; one message may be larger
 * @param callSeconds          the longest that a tool, resource or prompt may take, questions to the client included, unless it runs as a task
 */
public record McpTransportOptions(Set<String> allowedOrigins, Set<String> allowedHosts, int bodyBytes, int jsonDepth,
                                  int sessionsMaximum, int sessionsPerPrincipal, int sessionIdleSeconds,
                                  int keepAliveSeconds, int revalidateSeconds, int requestSeconds, int queueBytes, int callSeconds) {

    /** The default time limit of a call. */
    public static final int CALL_SECONDS = 300;

    /**
     * Checks the components.
     *
     * @param allowedOrigins exact origins ({@code https://app.example}) that browsers may call from
     * @param allowedHosts exact {@code Host} values ({@code localhost:8001}); empty allows any
     * @param bodyBytes largest request body, and largest stdio line
     * @param jsonDepth deepest nesting of a message
     * @param sessionsMaximum sessions in all
     * @param sessionsPerPrincipal sessions of one principal, and subscriptions of the era without sessions
     * @param sessionIdleSeconds after which a session without an open stream ends
     * @param keepAliveSeconds between comments on an idle SSE stream
     * @param revalidateSeconds between checks of the token of an open stream, where there are few tokens
     * @param requestSeconds the longest wait for a request body, and for the answer to a question asked of the client
     * @param queueBytes what may wait for a slow reader before its connection is closed; one message may be larger
     * @param callSeconds the longest that a tool, resource or prompt may take, questions to the client included, unless it runs as a task
     */
    public McpTransportOptions {
        allowedOrigins = Set.copyOf(allowedOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
    }

    /**
     * Creates options with the default time limit of a call.
     *
     * @param allowedOrigins exact origins ({@code https://app.example}) that browsers may call from
     * @param allowedHosts exact {@code Host} values ({@code localhost:8001}); empty allows any
     * @param bodyBytes largest request body, and largest stdio line
     * @param jsonDepth deepest nesting of a message
     * @param sessionsMaximum sessions in all
     * @param sessionsPerPrincipal sessions of one principal, and subscriptions of the era without sessions
     * @param sessionIdleSeconds after which a session without an open stream ends
     * @param keepAliveSeconds between comments on an idle SSE stream
     * @param revalidateSeconds between checks of the token of an open stream, where there are few tokens
     * @param requestSeconds the longest wait for a request body, and for the answer to a question asked of the client
     * @param queueBytes what may wait for a slow reader before its connection is closed; one message may be larger
     */
    public McpTransportOptions(Set<String> allowedOrigins, Set<String> allowedHosts, int bodyBytes, int jsonDepth, int sessionsMaximum,
                               int sessionsPerPrincipal, int sessionIdleSeconds, int keepAliveSeconds, int revalidateSeconds,
                               int requestSeconds, int queueBytes) {
        this(allowedOrigins, allowedHosts, bodyBytes, jsonDepth, sessionsMaximum, sessionsPerPrincipal, sessionIdleSeconds,
            keepAliveSeconds, revalidateSeconds, requestSeconds, queueBytes, CALL_SECONDS);
    }

    /**
     * {@return the defaults: the given hosts, and no browser origin}
     *
     * @param allowedHosts the hosts
     */
    public static McpTransportOptions forHosts(Set<String> allowedHosts) {
        return new McpTransportOptions(Set.of(), allowedHosts, 4_194_304, 64, 10_000, 100, 1_800, 20, 4, 60, 1_048_576);
    }
}
