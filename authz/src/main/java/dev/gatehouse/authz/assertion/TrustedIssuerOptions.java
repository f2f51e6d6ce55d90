package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;

/**
 * An issuer whose assertions are accepted.
 *
 * @param issuer the value of {@code iss}, compared byte by byte
 * @param jwks its JWK set; null to fetch it
 * @param jwksUri URL of its JWK set; null to find it by the issuer's metadata
 * @param algorithms names of the algorithms that it may sign with; empty for every asymmetric one
 * @param maximumLifetimeSeconds maximum time until {@code exp}
 * @param accessTokenSeconds maximum lifetime of a token for its assertions; null for {@code tokens.accessTokenSeconds}
 * @param publicClients whether public clients may present its assertions
 * @param claims claims that each of its assertions must have
 * @param scopes maximum scopes of tokens for its assertions; empty for no limit
 * @param resources of tokens for its assertions, in canonical form; empty for no limit
 * @param accounts account mapping of its identity assertions (ID-JAG)
 * @param workloads account mapping of its other assertions
 */
public record TrustedIssuerOptions(String issuer, JsonObject jwks, String jwksUri, List<String> algorithms,
                                   long maximumLifetimeSeconds, Long accessTokenSeconds, boolean publicClients,
                                   ClaimConditions claims, List<String> scopes, List<String> resources, AccountMapping.Rule accounts,
                                   List<WorkloadOptions> workloads) {

    /** For issuers on this machine, which have no configuration. */
    private static final long LOOPBACK_LIFETIME_SECONDS = 3_600;

    public TrustedIssuerOptions {
        algorithms = List.copyOf(algorithms);
        scopes = List.copyOf(scopes);
        resources = AudienceOptions.canonical(resources);
        workloads = List.copyOf(workloads);
    }

    /** An issuer on this machine without configuration: each of its identities has an account of its own. */
    public static TrustedIssuerOptions loopback(String issuer) {
        return new TrustedIssuerOptions(issuer, null, null, List.of(), LOOPBACK_LIFETIME_SECONDS, null, false,
            ClaimConditions.NONE, List.of(), List.of(), AccountMapping.Rule.CREATED, List.of());
    }

    /**
     * The assertions that a client may exchange for tokens.
     *
     * @param client the only client that may present the assertion
     * @param user name of the user that the tokens are for; null for the client itself
     * @param audience the value of {@code aud}; null for this server's issuer identifier
     * @param claims never empty
     * @param singleUse whether an assertion is accepted once only
     * @param scopes maximum scopes of the tokens; empty for no further limit
     * @param resources of the tokens, in canonical form; empty for no further limit
     */
    public record WorkloadOptions(String client, String user, String audience, ClaimConditions claims, boolean singleUse,
                                  List<String> scopes, List<String> resources) {

        public WorkloadOptions {
            scopes = List.copyOf(scopes);
            resources = AudienceOptions.canonical(resources);
        }
    }

    /** Conditions on the claims of an assertion: the accepted values of each claim, compared exactly. */
    record ClaimConditions(Map<String, List<String>> accepted) {

        static final ClaimConditions NONE = new ClaimConditions(Map.of());

        public ClaimConditions {
            accepted = Map.copyOf(accepted);
        }

        /** Returns true if there is a condition on this claim. */
        public boolean name(String claim) {
            return accepted.containsKey(claim);
        }

        /** Returns true if each named claim is, or as an array contains, one of its accepted values. */
        public boolean meets(JsonObject claims) {
            return accepted.entrySet().stream().allMatch(entry -> meets(claims.getValue(entry.getKey()), entry.getValue()));
        }

        private static boolean meets(Object value, List<String> accepted) {
            return value instanceof JsonArray several ? several.stream().anyMatch(accepted::contains)
                : value instanceof String text && accepted.contains(text);
        }
    }
}
