package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Principal;

/** What a client comes back to by an id. The id alone opens nothing: it belongs to one principal. */
public interface OwnedSession {

    /** 256 random bits in visible ASCII. */
    String id();

    Principal owner();

    /** Whether no stream is held open, so that it may be given up when it has not been used for long. */
    boolean isQuiet();

    /** Whether requests are under way. */
    boolean isBusy();

    void close();
}
