package dev.gatehouse.mcp.jsonrpc;

/**
 * A call has to end without a result, because the client must first do something. It passes through the operations untouched; the
 * era that made it answers it.
 */
public abstract class Suspended extends RuntimeException {

    protected Suspended(String message) {
        super(message, null, false, false);
    }
}
