package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another authorization server, for which identity assertions are made.
 *
 * @param issuer its issuer identifier
 * @param clients who may ask: the names of our clients, each with the name that the client has over there; empty for every
 *     client, under its name here
 * @param resources canonical identifiers of the resources there that may be asked for; empty for all
 * @param scopes those that may be asked for there; empty for all
 * @param lifetimeSeconds how long an assertion is good for
 */
public record AudienceOptions(String issuer, Map<String, String> clients, List<String> resources, List<String> scopes,
                              long lifetimeSeconds) {

    static final long LIFETIME_SECONDS = 300;

    public AudienceOptions {
        clients = Map.copyOf(clients);
        resources = List.copyOf(resources);
        scopes = List.copyOf(scopes);
    }

    static AudienceOptions of(JsonObject json) {
        Map<String, String> clients = new LinkedHashMap<>();
        json.getJsonObject("clients").forEach(entry -> clients.put(entry.getKey(), name(entry.getKey(), entry.getValue())));
        return new AudienceOptions(json.getString("issuer"), clients, resources(json),
            AuthzOptions.texts(json.getJsonArray("scopes", new JsonArray())), json.getLong("lifetimeSeconds", LIFETIME_SECONDS));
    }

    private static String name(String client, Object value) {
        if (value instanceof String name && !name.isEmpty()) {
            return name;
        }
        throw new StartupException("assertions.audiences: the name of the client " + client + " at the other server is no text");
    }

    /** An authorization server on this machine, which every client may ask for. */
    public static AudienceOptions loopback(String issuer) {
        return new AudienceOptions(issuer, Map.of(), List.of(), List.of(), LIFETIME_SECONDS);
    }

    static List<String> resources(JsonObject json) {
        return AuthzOptions.texts(json.getJsonArray("resources", new JsonArray())).stream()
            .map(text -> ResourceId.parse(text).value()).toList();
    }
}
