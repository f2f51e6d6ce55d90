package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.stateful.Conversation;
import dev.gatehouse.mcp.stateful.OwnedSession;

/** One connection of HTTP+SSE: its stream, and the conversation that leaves by it. It lives as long as the stream. */
record SseSession(String id, Principal owner, SseStream stream, Conversation conversation) implements OwnedSession {

    @Override
    public boolean isQuiet() {
        return false;
    }

    @Override
    public boolean isBusy() {
        return conversation.isBusy();
    }

    @Override
    public void close() {
        conversation.close();
        stream.end();
    }
}
