package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.LargeWork;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.stateful.SessionRegistry.TooManySessions;
import dev.gatehouse.mcp.stateful.StatefulVersions;
import dev.gatehouse.mcp.stateless.StatelessError;
import dev.gatehouse.shared.http.CapturedBodies;
import dev.gatehouse.shared.http.HeldMemory;
import dev.gatehouse.shared.http.MediaTypes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The checks that every HTTP transport makes before it dispatches a message, and the responses to refused requests. */
final class MessageGate {

    static final CharSequence VERSION_HEADER = HttpHeaders.createOptimized("MCP-Protocol-Version");

    private static final String SHARE = MessageGate.class.getName();

    private final McpEngine engine;
    private final HeldMemory memory;
    private final McpTransportOptions options;
    private final RequestSecurity security;

    MessageGate(McpEngine engine, McpTransportOptions options, RequestSecurity security, HeldMemory memory) {
        this.memory = memory;
        this.engine = engine;
        this.options = options;
        this.security = security;
    }

    /** Reads the message that a POST carries. Fails with {@link HttpProblem}. */
    Future<JSONRPCMessage> read(RoutingContext context) {
        return json(context).map(this::decode);
    }

    /** Reads what a POST carries. Fails with {@link HttpProblem}. */
    Future<MessageCodec.Json> json(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!MediaTypes.is(request.getHeader(HttpHeaders.CONTENT_TYPE), MediaTypes.JSON)) {
            return Future.failedFuture(new HttpProblem(415, "Content-Type must be application/json"));
        }
        HeldMemory.Share share = memory(security.principal(context));
        context.put(SHARE, share);
        atEnd(context, share::release);
        return CapturedBodies.request(context, RequestBody.read(context.vertx(), request, options, share))
            .compose(body -> parse(body.getBytes(), share));
    }

    private Future<MessageCodec.Json> parse(byte[] body, HeldMemory.Share share) {
        return engine.large().run(LargeWork.isLarge(body.length), () -> decode(body, engine.codec()::parse)).map(json -> {
            // The text is no longer needed; what it says takes its place.
            if (!share.replace(json.weight())) {
                throw HttpProblem.busy();
            }
            return json;
        });
    }

    /** The memory that a principal's messages hold. */
    HeldMemory.Share memory(Principal principal) {
        return memory.share(owner(principal));
    }

    /** The user, whose requests and responses share a limit. */
    static Owner owner(Principal principal) {
        return new Owner(principal.issuer(), principal.subject());
    }

    record Owner(String issuer, String subject) {
    }

    /** The memory that the request uses until its work is done, which may be after its connection has ended. */
    static HeldMemory.Share takeOver(RoutingContext context) {
        return context.<HeldMemory.Share>get(SHARE).handOver();
    }

    /** The message in a body. Throws {@link HttpProblem} if it is none. */
    JSONRPCMessage decode(MessageCodec.Json json) {
        return decode(json, engine.codec()::decode);
    }

    /** Decodes a body. Throws {@link HttpProblem} if it is malformed. */
    static <T, R> R decode(T what, Function<T, R> reader) {
        try {
            return reader.apply(what);
        } catch (BadMessage e) {
            throw new HttpProblem(400, e.response());
        }
    }

    static void requireAccept(HttpServerRequest request, String mediaType) {
        if (!MediaTypes.accepts(request, mediaType)) {
            throw new HttpProblem(406, "Accept must allow " + mediaType);
        }
    }

    /**
     * Refuses an unsupported revision. The error names the supported ones, so that the client knows which to try (2026-07-28, versioning).
     *
     * @param id of the refused request, or null if it has none
     */
    static void requireKnownVersion(HttpServerRequest request, Object id) {
        String version = request.getHeader(VERSION_HEADER);
        if (version != null && !StatefulVersions.isKnown(version)) {
            StatelessError unsupported = StatelessError.unknownVersion(version);
            throw new HttpProblem(unsupported.status(), unsupported.response(id));
        }
    }

    /**
     * Returns true if the client disconnected while its request was checked. The end handlers have run by then and do not run again, so the
     * work that they would stop must not start.
     */
    static boolean isGone(RoutingContext context) {
        return context.response().closed();
    }

    /**
     * Runs an action when the response has ended or its client has left.
     *
     * @param action may be run more than once
     */
    static void atEnd(RoutingContext context, Runnable action) {
        context.addEndHandler(ended -> action.run());
        if (isGone(context)) {
            // In a worker the connection closes beside the task that runs: its end may have been told before.
            action.run();
        }
    }

    /** Returns true if the principal has the scopes, and the authentication that the policy requires. Otherwise this sends the challenge. */
    boolean isAllowed(RoutingContext context, Principal principal, Set<String> scopes, List<JSONRPCRequest> requests) {
        if (!principal.scopes().containsAll(scopes)) {
            security.insufficientScope(context, scopes);
            return false;
        }
        for (JSONRPCRequest request : requests) {
            Optional<StepUp> stepUp = engine.operations().stepUp(request, principal);
            if (stepUp.isPresent()) {
                security.insufficientAuthentication(context, stepUp.get());
                return false;
            }
        }
        return true;
    }

    boolean isAllowed(RoutingContext context, Principal principal, Set<String> scopes, JSONRPCRequest request) {
        return isAllowed(context, principal, scopes, List.of(request));
    }

    /** Answers a refusal; anything unforeseen goes to the router's failure handler. */
    void refuse(RoutingContext context, Throwable failure) {
        refuse(context, null, failure);
    }

    /** @param id of the request that is refused, where the failure does not know it; may be null */
    void refuse(RoutingContext context, Object id, Throwable failure) {
        context.request().resume();
        if (failure instanceof HttpProblem problem) {
            problem.send(context, engine.codec());
        } else if (failure instanceof TooManySessions limit) {
            HttpProblem.of(limit, id).send(context, engine.codec());
        } else if (failure instanceof BadMessage bad) {
            new HttpProblem(200, bad.response()).send(context, engine.codec());
        } else if (!context.response().closed()) {
            context.fail(failure);
        }
    }
}
