package dev.gatehouse.mcp.jsonrpc;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.ResourceNotFound;
import dev.gatehouse.mcp.api.TraceContext;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.sql.StoreUnavailableException;
import dev.gatehouse.shared.text.VisibleText;
import io.modelcontextprotocol.spec.McpError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;

/** The public description of a failure: the message of a refusal, or, for an unexpected failure, only a reference for the log. */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final int LONGEST_URI = 200;
    private static final OncePerMinute OUTAGES = new OncePerMinute();

    private Failures() {
    }

    /** @param trace of the request, or null */
    public static String tell(String operation, TraceContext trace, Throwable failure) {
        if (failure instanceof CallRefused) {
            return failure.getMessage();
        }
        if (failure instanceof CancellationException) {
            return operation + " was cancelled";
        }
        if (failure instanceof StoreUnavailableException) {
            OUTAGES.write(held -> LOG.error("{} failed, as {} other calls since the last such line: {}", operation, held, failure.getMessage()));
            return "The server's store is not available at this moment. Try again in a while.";
        }
        String reference = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
        LOG.error("{} failed, reference {}, trace {}", operation, reference, trace == null ? "none" : trace.traceId(), failure);
        return operation + " failed on the server. Reference: " + reference;
    }

    /** A failure as the error of a JSON-RPC response. One that is an answer already stays what it is. */
    public static RuntimeException translate(String operation, TraceContext trace, Throwable failure) {
        if (failure instanceof McpError || failure instanceof InputRequired || failure instanceof InputsUnsupported
            || failure instanceof UrlElicitationRequired) {
            return (RuntimeException) failure;
        }
        if (failure instanceof ResourceNotFound missing) {
            return notFound(missing.uri());
        }
        int code = failure instanceof CallRefused ? JsonRpcErrors.REFUSED : JsonRpcErrors.INTERNAL_ERROR;
        return JsonRpcErrors.exception(code, tell(operation, trace, failure));
    }

    /** The error for a resource that does not exist for this caller. It quotes the beginning of the URI. */
    public static McpError notFound(String uri) {
        return McpError.RESOURCE_NOT_FOUND.apply(VisibleText.excerpt(uri, LONGEST_URI));
    }
}
