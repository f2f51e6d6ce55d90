package dev.gatehouse.it.interop;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One library of the field against our servers: a confidential client, a public one, and a resource server that introspects. */
final class Interop {
    private static final Map<RunningGatehouse, JsonObject> CLIENTS = new ConcurrentHashMap<>();
    private final RunningGatehouse gatehouse;
    private final String program;

    Interop(RunningGatehouse gatehouse, String program) {
        this.gatehouse = gatehouse;
        this.program = program;
    }

    /** Runs a scenario with a person who allows what is asked, and returns its result. */
    JsonObject run(String scenario) {
        return run(scenario, new JsonObject(), Map.of());
    }

    JsonObject run(String scenario, JsonObject more, Map<String, Consumer<String>> handlers) {
        Map<String, Consumer<String>> people = new HashMap<>(Map.of("AUTHORIZE", this::allow));
        people.putAll(handlers);
        JsonObject settings = CLIENTS.computeIfAbsent(gatehouse, Interop::clients).copy().put("scenario", scenario)
            .put("issuer", gatehouse.issuer()).put("resource", gatehouse.mcp())
            .put("redirectUri", "http://127.0.0.1:" + Ports.free() + "/callback");
        return NodeProgram.run(program, settings.mergeIn(more), people);
    }

    void allow(String url) {
        Http.get(gatehouse.journey().allow(url).toString());
    }

    void deny(String url) {
        Http.get(gatehouse.journey().deny(url).toString());
    }

    private static JsonObject clients(RunningGatehouse gatehouse) {
        OAuthClient confidential = Commands.addConfidentialClient(gatehouse, "http://127.0.0.1/callback",
            "--grant", "authorization_code,refresh_token,client_credentials");
        OAuthClient resourceServer = Commands.addConfidentialClient(gatehouse, null, "--serves", gatehouse.mcp());
        return new JsonObject().put("client", json(confidential)).put("resourceServer", json(resourceServer))
            .put("publicClient", new JsonObject().put("id", gatehouse.publicClient().id()));
    }

    private static JsonObject json(OAuthClient client) {
        return new JsonObject().put("id", client.id()).put("secret", client.secret());
    }
}
