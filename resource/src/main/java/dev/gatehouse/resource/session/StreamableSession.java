package dev.gatehouse.resource.session;

import dev.gatehouse.resource.tool.Principal;

/** A session of Streamable HTTP until revision 2025-11-25. */
public record StreamableSession(String id, Principal owner, LiveSession live) implements OwnedSession {

    @Override
    public boolean isQuiet() {
        return live.isQuiet();
    }

    @Override
    public void close() {
        live.close();
    }
}
