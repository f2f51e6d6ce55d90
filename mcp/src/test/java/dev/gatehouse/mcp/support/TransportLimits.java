package dev.gatehouse.mcp.support;

import dev.gatehouse.mcp.transport.McpTransportOptions;
import java.util.Set;

/** Options of a transport under test, with small limits: a test names those that it changes. */
public final class TransportLimits {

    private Set<String> origins = Set.of();
    private Set<String> hosts = Set.of();
    private int bodyBytes = 100_000;
    private int jsonDepth = 32;
    private int sessions = 20;
    private int sessionsPerPrincipal = 5;
    private int idleSeconds = 60;
    private int keepAliveSeconds = 20;
    private int revalidateSeconds = 1;
    private int requestSeconds = 5;
    private int queueBytes = 1_000_000;
    private int callSeconds = McpTransportOptions.CALL_SECONDS;

    public TransportLimits origins(Set<String> exact) {
        origins = exact;
        return this;
    }

    public TransportLimits hosts(Set<String> exact) {
        hosts = exact;
        return this;
    }

    public TransportLimits bodyBytes(int largest) {
        bodyBytes = largest;
        return this;
    }

    public TransportLimits jsonDepth(int deepest) {
        jsonDepth = deepest;
        return this;
    }

    public TransportLimits sessions(int inAll, int perPrincipal) {
        sessions = inAll;
        sessionsPerPrincipal = perPrincipal;
        return this;
    }

    public TransportLimits idleSeconds(int seconds) {
        idleSeconds = seconds;
        return this;
    }

    public TransportLimits keepAliveSeconds(int seconds) {
        keepAliveSeconds = seconds;
        return this;
    }

    public TransportLimits revalidateSeconds(int seconds) {
        revalidateSeconds = seconds;
        return this;
    }

    public TransportLimits requestSeconds(int seconds) {
        requestSeconds = seconds;
        return this;
    }

    public TransportLimits queueBytes(int waiting) {
        queueBytes = waiting;
        return this;
    }

    public TransportLimits callSeconds(int seconds) {
        callSeconds = seconds;
        return this;
    }

    public McpTransportOptions options() {
        return new McpTransportOptions(origins, hosts, bodyBytes, jsonDepth, sessions, sessionsPerPrincipal, idleSeconds, keepAliveSeconds,
            revalidateSeconds, requestSeconds, queueBytes, callSeconds);
    }
}
