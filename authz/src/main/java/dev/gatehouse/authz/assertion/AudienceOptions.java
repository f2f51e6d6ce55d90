package dev.gatehouse.authz.assertion;

import dev.gatehouse.shared.oauth.ResourceId;

import java.util.List;
import java.util.Map;

/**
 * Another authorization server, for which identity assertions are issued.
 *
 * @param issuer its issuer identifier
 * @param clients the clients that may request assertions, each with its client identifier at the other server; empty for
 *     every client, under its identifier here
 * @param resources identifiers of the resources that may be requested, stored in canonical form; empty for all
 * @param scopes the scopes that may be requested; empty for all
 * @param lifetimeSeconds lifetime of an assertion
 */
public record AudienceOptions(String issuer, Map<String, String> clients, List<String> resources, List<String> scopes,
                              long lifetimeSeconds) {

    /** For servers on this machine, which have no configuration. */
    private static final long LOOPBACK_LIFETIME_SECONDS = 300;

    public AudienceOptions {
        clients = Map.copyOf(clients);
        resources = canonical(resources);
        scopes = List.copyOf(scopes);
    }

    static List<String> canonical(List<String> resources) {
        return resources.stream().map(text -> ResourceId.parse(text).value()).toList();
    }

    /** An authorization server on this machine, for which every client may request assertions. */
    public static AudienceOptions loopback(String issuer) {
        return new AudienceOptions(issuer, Map.of(), List.of(), List.of(), LOOPBACK_LIFETIME_SECONDS);
    }
}
