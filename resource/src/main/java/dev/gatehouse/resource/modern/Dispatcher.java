package dev.gatehouse.resource.modern;

import dev.gatehouse.resource.protocol.Exchange;
import dev.gatehouse.resource.protocol.JsonRpcErrors;
import dev.gatehouse.resource.protocol.McpEngine;
import dev.gatehouse.resource.protocol.Operations;
import dev.gatehouse.resource.tool.InputsUnsupported;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs checked requests and makes answers of what comes of them. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int OK = 200;

    private final Operations operations;
    private final Map<String, ModernMethod> methods;
    private final RequestState states;
    private final Map<String, Object> meta;
    private final Map<String, Map<String, Object>> membersByMethod = new HashMap<>();

    Dispatcher(McpEngine engine, Map<String, ModernMethod> methods, RequestState states) {
        this.operations = engine.operations();
        this.methods = methods;
        this.states = states;
        this.meta = Map.of(Meta.MEMBER, Map.of(Meta.SERVER_INFO, engine.codec().toMap(engine.serverInfo())));
        operations.methods().forEach(method -> membersByMethod.put(method, joined(meta, Caching.of(method))));
    }

    private static Map<String, Object> joined(Map<String, Object> first, Map<String, Object> second) {
        Map<String, Object> both = new LinkedHashMap<>(first);
        both.putAll(second);
        return both;
    }

    void run(ModernServer.Incoming incoming, ModernRequest request) {
        try {
            ModernMethod own = methods.get(incoming.raw().method());
            if (own != null) {
                own.run(request).onComplete(members -> succeed(request, new ModernResult(ModernResult.COMPLETE, withMeta(members), null)),
                    failure -> fail(request, failure));
            } else {
                operate(incoming, request);
            }
        } catch (RuntimeException e) {
            fail(request, e);
        }
    }

    /** What a method says in {@code _meta} stands beside what every result has there. */
    private Map<String, Object> withMeta(Map<String, Object> members) {
        Map<String, Object> all = joined(meta, members);
        if (members.get(Meta.MEMBER) instanceof Map<?, ?> own) {
            Map<Object, Object> both = new LinkedHashMap<>((Map<?, ?>) meta.get(Meta.MEMBER));
            both.putAll(own);
            all.put(Meta.MEMBER, both);
        }
        return all;
    }

    private void operate(ModernServer.Incoming incoming, ModernRequest request) {
        JSONRPCRequest typed = incoming.typed();
        ModernInputs inputs = inputs(request);
        Exchange exchange = new Exchange(request.context().caller(), new ModernNotifier(request.envelope(), request), inputs);
        Future<?> result = operations.run(typed.method(), typed.params(), exchange);
        result.onComplete(value -> succeed(request, new ModernResult(ModernResult.COMPLETE, membersByMethod.get(typed.method()), value)),
            failure -> {
                if (failure instanceof InputRequired required) {
                    succeed(request, ask(request, required, inputs));
                } else {
                    fail(request, failure);
                }
            });
    }

    private ModernInputs inputs(ModernRequest request) {
        Map<?, ?> params = request.params();
        Map<String, Map<String, Object>> answers = new LinkedHashMap<>();
        if (params.get("inputResponses") != null) {
            readAnswers(params.get("inputResponses"), answers);
        }
        Object state = params.get("requestState");
        if (state instanceof String text) {
            // What was sealed stands: an answer that was given is not changed behind the tool's back.
            answers.putAll(states.open(text, request.context().caller(), request.raw().method(), params));
        } else if (state != null) {
            throw ModernError.invalidParams("requestState must be a string");
        }
        return new ModernInputs(request.envelope(), answers);
    }

    @SuppressWarnings("unchecked")
    private static void readAnswers(Object responses, Map<String, Map<String, Object>> answers) {
        if (!(responses instanceof Map<?, ?> byKey)) {
            throw ModernError.invalidParams("inputResponses must be an object");
        }
        byKey.forEach((key, answer) -> {
            if (!(answer instanceof Map)) {
                throw ModernError.invalidParams("inputResponses must have objects as members");
            }
            answers.put((String) key, (Map<String, Object>) answer);
        });
    }

    private ModernResult ask(ModernRequest request, InputRequired required, ModernInputs inputs) {
        Map<String, Object> members = new LinkedHashMap<>(meta);
        members.put("inputRequests", required.onWire());
        members.put("requestState",
            states.seal(inputs.answers(), request.context().caller(), request.raw().method(), request.params()));
        return new ModernResult("input_required", members, null);
    }

    private static void succeed(ModernRequest request, ModernResult result) {
        request.respond(OK, JSONRPCResponse.result(request.raw().id(), result));
    }

    private static void fail(ModernRequest request, Throwable failure) {
        Object id = request.raw().id();
        if (failure instanceof ModernError error) {
            request.respond(error.status(), error.response(id));
        } else if (failure instanceof InputsUnsupported unsupported) {
            ModernError error = ModernError.missingCapability(unsupported.capability());
            request.respond(error.status(), error.response(id));
        } else if (failure instanceof McpError error && error.getJsonRpcError() != null) {
            request.respond(OK, JsonRpcErrors.response(id, translate(error.getJsonRpcError())));
        } else {
            LOG.error("{} failed", request.raw().method(), failure);
            request.respond(OK, JsonRpcErrors.response(id, JsonRpcErrors.INTERNAL_ERROR, "The request failed on the server"));
        }
    }

    /** Codes that this revision has taken back (2026-07-28, basic, error codes). */
    private static JSONRPCError translate(JSONRPCError error) {
        return error.code() == JsonRpcErrors.RESOURCE_NOT_FOUND
            ? new JSONRPCError(JsonRpcErrors.INVALID_PARAMS, error.message(), error.data()) : error;
    }
}
