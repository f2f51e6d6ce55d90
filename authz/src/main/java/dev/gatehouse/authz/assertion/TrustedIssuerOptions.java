package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.AuthzOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;

/**
 * Somebody whose assertions are taken.
 *
 * @param issuer the value of {@code iss}, compared byte by byte
 * @param jwks its JWK set; null to fetch it
 * @param jwksUri where its JWK set is; null to find that in its metadata
 * @param algorithms wire names of those it may sign by; empty for every asymmetric one
 * @param maximumLifetimeSeconds how far ahead {@code exp} may lie
 * @param accessTokenSeconds life of what is given for its assertions; null for the server's own
 * @param publicClients whether clients that prove nothing else may bring its assertions
 * @param claims what each of its assertions must say
 * @param scopes all that its assertions may ever yield; empty for no limit
 * @param resources canonical identifiers, likewise
 * @param accounts whose tokens its assertions about people (ID-JAG) yield; null to take none
 * @param workloads whose tokens its other assertions yield
 */
public record TrustedIssuerOptions(String issuer, JsonObject jwks, String jwksUri, List<String> algorithms,
                                   long maximumLifetimeSeconds, Long accessTokenSeconds, boolean publicClients,
                                   ClaimConditions claims, List<String> scopes, List<String> resources, AccountMapping.Rule accounts,
                                   List<WorkloadOptions> workloads) {

    private static final long MAXIMUM_LIFETIME_SECONDS = 3_600;

    public TrustedIssuerOptions {
        algorithms = List.copyOf(algorithms);
        scopes = List.copyOf(scopes);
        resources = List.copyOf(resources);
        workloads = List.copyOf(workloads);
    }

    static TrustedIssuerOptions of(JsonObject json) {
        String accounts = json.getString("accounts", "none");
        return new TrustedIssuerOptions(json.getString("issuer"), json.getJsonObject("jwks"), json.getString("jwksUri"),
            AuthzOptions.texts(json.getJsonArray("algorithms", new JsonArray())),
            json.getLong("maximumLifetimeSeconds", MAXIMUM_LIFETIME_SECONDS), json.getLong("accessTokenSeconds"),
            json.getBoolean("publicClients", false), ClaimConditions.of(json.getJsonObject("claims", new JsonObject())),
            AuthzOptions.texts(json.getJsonArray("scopes", new JsonArray())), AudienceOptions.resources(json),
            accounts.equals("none") ? null : AccountMapping.Rule.valueOf(accounts.toUpperCase(Locale.ROOT)),
            json.getJsonArray("workloads", new JsonArray()).stream().map(JsonObject.class::cast).map(WorkloadOptions::of).toList());
    }

    /** An issuer on this machine, of which nothing is known: each identity of it has an account of its own. */
    public static TrustedIssuerOptions loopback(String issuer) {
        return new TrustedIssuerOptions(issuer, null, null, List.of(), MAXIMUM_LIFETIME_SECONDS, null, false,
            ClaimConditions.of(new JsonObject()), List.of(), List.of(), AccountMapping.Rule.CREATED, List.of());
    }

    /**
     * What an assertion must say for a client to get tokens for it.
     *
     * @param client the only client that may bring it
     * @param user the user whose tokens they are; null for the client's own
     * @param audience the value of {@code aud}; null for this server's issuer identifier
     * @param claims never empty
     * @param singleUse whether it counts once
     * @param scopes all that it may yield; empty for no further limit
     * @param resources canonical identifiers, likewise
     */
    public record WorkloadOptions(String client, String user, String audience, ClaimConditions claims, boolean singleUse,
                                  List<String> scopes, List<String> resources) {

        public WorkloadOptions {
            scopes = List.copyOf(scopes);
            resources = List.copyOf(resources);
        }

        static WorkloadOptions of(JsonObject json) {
            return new WorkloadOptions(json.getString("client"), json.getString("user"), json.getString("audience"),
                ClaimConditions.of(json.getJsonObject("claims")), json.getBoolean("singleUse", true),
                AuthzOptions.texts(json.getJsonArray("scopes", new JsonArray())), AudienceOptions.resources(json));
        }
    }
}
