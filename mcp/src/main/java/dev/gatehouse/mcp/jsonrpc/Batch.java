package dev.gatehouse.mcp.jsonrpc;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;

import java.util.List;

/**
 * Messages that came at once as a JSON array, which servers of revision 2025-03-26 must take and no other revision has (2025-03-26, basic,
 * batching).
 *
 * @param messages in the order they came in
 * @param refusals the answers to what is no message
 */
public record Batch(List<JSONRPCMessage> messages, List<JSONRPCResponse> refusals) {

    /** More at once than any client sends; each may be a call. */
    static final int MOST = 64;
    private static final String REVISION = "2025-03-26";

    /** Copies both lists. */
    public Batch {
        messages = List.copyOf(messages);
        refusals = List.copyOf(refusals);
    }

    /** Returns true if a session of that revision may contain batches. */
    public static boolean isSpoken(String revision) {
        return REVISION.equals(revision);
    }
}
