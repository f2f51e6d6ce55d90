package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputsUnsupported;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.feature.RequestExchange;
import dev.gatehouse.mcp.feature.LargeWork;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.feature.RequestNotifier;
import dev.gatehouse.mcp.jsonrpc.CallState;
import dev.gatehouse.mcp.jsonrpc.InputRequired;
import dev.gatehouse.mcp.stateless.StatelessInputs.InputResponses;
import dev.gatehouse.mcp.stateless.StatelessResult.Caching;
import dev.gatehouse.mcp.stateless.StatelessServer.StatelessMethod;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs checked requests, and turns their outcomes into responses. */
final class Dispatcher {

    private static final int OK = 200;

    private final McpEngine engine;
    private final Operations operations;
    private final Map<String, StatelessMethod> methods;
    private final RequestState states;
    private final TaskCalls tasks;
    private final Map<String, Object> meta;
    /** The constant members of the results of each method. */
    private final Map<String, Map<String, Object>> membersByMethod = new HashMap<>();

    Dispatcher(McpEngine engine, Map<String, StatelessMethod> methods, RequestState states, TaskCalls tasks) {
        this.engine = engine;
        this.operations = engine.operations();
        this.methods = methods;
        this.states = states;
        this.tasks = tasks;
        this.meta = Map.of(Meta.MEMBER, Map.of(Meta.SERVER_INFO, engine.codec().toMap(engine.serverInfo())));
        Map<String, Object> encoded = Map.of(Meta.MEMBER, engine.codec().constant(meta.get(Meta.MEMBER)));
        operations.methods().forEach(method -> membersByMethod.put(method, joined(encoded, Caching.of(method, engine.features().policy().listsByCaller()))));
    }

    private static Map<String, Object> joined(Map<String, Object> first, Map<?, ?> second) {
        Map<String, Object> both = new LinkedHashMap<>(first);
        second.forEach((name, value) -> both.put((String) name, value));
        return both;
    }

    void run(StatelessServer.Incoming incoming, StatelessRequest request) {
        try {
            StatelessMethod own = methods.get(incoming.raw().method());
            if (own != null) {
                own.run(request).onComplete(members -> succeed(request, new StatelessResult(StatelessResult.COMPLETE, withMeta(members), null)),
                    failure -> fail(request, failure));
            } else {
                operate(incoming, request);
            }
        } catch (RuntimeException e) {
            fail(request, e);
        }
    }

    /** Adds the members that every result has, also in {@code _meta}. */
    private Map<String, Object> withMeta(Map<String, Object> members) {
        Map<String, Object> all = joined(meta, members);
        if (members.get(Meta.MEMBER) instanceof Map<?, ?> own) {
            Map<Object, Object> both = new LinkedHashMap<>((Map<?, ?>) meta.get(Meta.MEMBER));
            both.putAll(own);
            all.put(Meta.MEMBER, both);
        }
        return all;
    }

    private void operate(StatelessServer.Incoming incoming, StatelessRequest request) {
        boolean isLarge = request.params().containsKey("requestState") && LargeWork.isLarge(request.params());
        engine.large().run(isLarge, () -> inputs(request)).onComplete(inputs -> operate(incoming, request, inputs), failure -> fail(request, failure));
    }

    private void operate(StatelessServer.Incoming incoming, StatelessRequest request, StatelessInputs inputs) {
        JSONRPCRequest typed = incoming.typed();
        RequestExchange exchange = new RequestExchange(request.caller(), notifier(request), engine.checked(inputs),
            request.cancelled(), request.envelope().trace());
        run(typed, exchange, inputs).onComplete(value -> succeed(request, result(typed.method(), value)),
            failure -> {
                if (failure instanceof InputRequired required) {
                    ask(request, required, inputs);
                } else if (failure instanceof UrlElicitationRequired required) {
                    ask(request, required, inputs);
                } else {
                    fail(request, failure);
                }
            });
    }

    /** Asks for the pages again, and discards the earlier answers: only the tool knows when the user has finished. */
    private void ask(StatelessRequest request, UrlElicitationRequired required, StatelessInputs inputs) {
        Map<String, InputRequest> pages = new LinkedHashMap<>();
        for (InputRequest page : required.pages()) {
            if (!inputs.canAnswer(page)) {
                fail(request, new InputsUnsupported(page.capability()));
                return;
            }
            String key = "page " + (pages.size() + 1);
            inputs.answers().remove(key);
            pages.put(key, page);
        }
        ask(request, new InputRequired(pages), inputs);
    }

    private Future<?> run(JSONRPCRequest typed, RequestExchange exchange, StatelessInputs inputs) {
        return typed.params() instanceof CallToolRequest call && tasks.concerns(call) ? tasks.run(call, exchange, inputs)
            : operations.run(typed.method(), typed.params(), exchange);
    }

    /** @param value a record of the SDK, or the members of a task just created */
    private StatelessResult result(String method, Object value) {
        return value instanceof Map<?, ?> created ? new StatelessResult("task", joined(meta, created), null)
            : new StatelessResult(StatelessResult.COMPLETE, membersByMethod.get(method), value);
    }

    private static RequestNotifier notifier(StatelessRequest request) {
        Envelope envelope = request.envelope();
        return new RequestNotifier(request.pending(), envelope.progressToken(), envelope::wants);
    }

    private StatelessInputs inputs(StatelessRequest request) {
        Map<?, ?> params = request.params();
        Map<String, Map<String, Object>> answers = new LinkedHashMap<>();
        if (params.get("inputResponses") != null) {
            InputResponses.read(params.get("inputResponses"), answers);
        }
        Map<String, Object> kept = Map.of();
        Object state = params.get("requestState");
        if (state instanceof String text) {
            // The sealed answers win: a client cannot change an answer that it has given.
            RequestState.Content known = states.open(text, request.caller(), request.raw().method(), params);
            answers.putAll(known.answers());
            kept = known.kept();
        } else if (state != null) {
            throw StatelessError.invalidParams("requestState must be a string");
        }
        return new StatelessInputs(request.envelope().client(), answers, new CallState(kept, engine.codec().mapper()));
    }

    private void ask(StatelessRequest request, InputRequired required, StatelessInputs inputs) {
        Map<String, Object> members = new LinkedHashMap<>(meta);
        members.put("inputRequests", required.onWire());
        engine.large().on(request.params(), () -> sealed(request, inputs)).onComplete(state -> {
            members.put("requestState", state);
            succeed(request, new StatelessResult("input_required", members, null));
        }, failure -> fail(request, failure));
    }

    private String sealed(StatelessRequest request, StatelessInputs inputs) {
        return states.seal(new RequestState.Content(inputs.answers(), inputs.kept()), request.caller(), request.raw().method(),
            request.params());
    }

    private static void succeed(StatelessRequest request, StatelessResult result) {
        request.respond(OK, JSONRPCResponse.result(request.raw().id(), result));
    }

    private static void fail(StatelessRequest request, Throwable failure) {
        StatelessError error = StatelessError.of(request.raw().method(), failure);
        request.respond(error.status(), error.response(request.raw().id()));
    }
}
