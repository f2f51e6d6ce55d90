package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.KnownClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The requests of one known client, as its source, its documentation or recorded threads show them.
 *
 * @param resourcePlaces the order of the places of protected resource metadata: {@code challenge}, {@code inserted}, {@code root}
 * @param serverPlaces the order of the places of authorization server metadata
 * @param serverPlacesOf {@code issuer}, or {@code resource} for a client that looks at the MCP server alone
 * @param resourceMatch comparison of {@code resource} with the server's URL: {@code exact}, {@code normalized}, {@code parent}, {@code none}
 * @param issuerMatch true for a client that refuses metadata of another issuer
 * @param registration body of its registration request, or null when none was found
 * @param grantTypesOfServer true for a client that registers only grant types that the server lists
 * @param scopesOfServer true for a client that registers all scopes that the server lists
 * @param source the place of what is known
 * @param unknown what was not found; empty when all was
 */
record ClientProfile(String id, String name, List<String> resourcePlaces, List<MetadataPlace> serverPlaces, String serverPlacesOf, String resourceMatch,
                     boolean issuerMatch, boolean quotedChallenge, Map<String, String> headers, JsonObject registration, boolean grantTypesOfServer, boolean scopesOfServer,
                     String source, String unknown) {

    /** All known clients. */
    static final List<ClientProfile> ALL = KnownClient.profiles().stream().map(JsonObject.class::cast).map(ClientProfile::of).toList();

    private static ClientProfile of(JsonObject json) {
        return new ClientProfile(json.getString("id"), json.getString("name"), texts(json, "resourcePlaces"),
            texts(json, "serverPlaces").stream().map(place -> MetadataPlace.valueOf(place.toUpperCase(Locale.ROOT))).toList(),
            json.getString("serverPlacesOf", "issuer"), json.getString("resourceMatch", "none"), json.getBoolean("issuerMatch", false),
            json.getBoolean("quotedChallenge", false), json.getJsonObject("headers", new JsonObject()).stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().toString())),
            json.getJsonObject("registration"), json.getBoolean("grantTypesOfServer", false), json.getBoolean("scopesOfServer", false), json.getString("source"), json.getString("unknown", ""));
    }

    /** The registration request of this client at a server. */
    JsonObject registration(JsonObject server) {
        JsonObject request = registration.copy();
        List<String> grantTypes = texts(request, "grant_types");
        List<String> offered = Evidence.texts(server, "grant_types_supported").toList();
        if (grantTypesOfServer && !offered.isEmpty()) {
            request.put("grant_types", new JsonArray(grantTypes.stream().filter(offered::contains).toList()));
        }
        return scopesOfServer ? request.put("scope", String.join(" ", Evidence.texts(server, "scopes_supported").toList())) : request;
    }

    private static List<String> texts(JsonObject json, String name) {
        return json.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
    }
}
