package dev.gatehouse.mcp.stateful;

/** There is no room for another session on this server. */
public final class TooManySessions extends RuntimeException {

    TooManySessions() {
        super("Too many sessions on this server. Try again later.", null, false, false);
    }
}
