package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.protocol.McpFeatures;
import dev.gatehouse.resource.tool.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;

/** Serves MCP over a pair of streams, one JSON-RPC message a line. */
public final class StdioTransport {

    /**
     * @param callers who calls, asked once per tool call or resource read: an anonymous caller's reason is its answer
     */
    public StdioTransport(Vertx vertx, McpFeatures features, McpTransportOptions options, InputStream input, OutputStream output,
                          Supplier<Future<Caller>> callers) {
    }

    /** Starts reading. The future completes when the input has ended and every answer is out: the process should then exit. */
    public Future<Void> run() {
        return Future.succeededFuture();
    }
}
