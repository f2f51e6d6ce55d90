package dev.gatehouse.authz.assertion;

import dev.gatehouse.shared.oauth.ResourceId;

import java.util.List;
import java.util.Map;

/**
 * Assertions of trusted issuers that are exchanged for tokens (RFC 7523 §2.1, ID-JAG), and assertions issued for other servers.
 *
 * @param enabled whether assertions of trusted issuers are accepted
 * @param anyLoopbackIssuer whether identity assertions of any issuer on this machine are accepted, with one account per identity
 * @param anyLoopbackAudience whether identity assertions are issued for any authorization server on this machine
 */
public record AssertionOptions(boolean enabled, boolean anyLoopbackIssuer, List<TrustedIssuerOptions> trustedIssuers,
                               boolean anyLoopbackAudience, List<AudienceOptions> audiences) {

    public AssertionOptions {
        trustedIssuers = List.copyOf(trustedIssuers);
        audiences = List.copyOf(audiences);
    }

    /** Returns true if there is an issuer whose assertions are accepted. */
    public boolean acceptsAny() {
        return enabled && (anyLoopbackIssuer || !trustedIssuers.isEmpty());
    }

    /** Returns true if there is an issuer whose identity assertions are accepted. */
    public boolean acceptsIdentities() {
        return enabled && (anyLoopbackIssuer || trustedIssuers.stream().anyMatch(issuer -> issuer.accounts() != AccountMapping.Rule.NONE));
    }

    /** Returns true if there is a server for which assertions are issued. */
    public boolean makesAny() {
        return anyLoopbackAudience || !audiences.isEmpty();
    }

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
}
