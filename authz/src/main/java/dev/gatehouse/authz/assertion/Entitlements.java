package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject;
import dev.gatehouse.authz.assertion.AssertionReader.Assertion;
import dev.gatehouse.authz.assertion.TrustedIssuerOptions.WorkloadOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Decides what an assertion gives the client that brings it: by its type, as the assertion of a person or of a workload. */
public final class Entitlements {

    private final WorkloadAssertions workloads;
    private final IdentityAssertions identities;

    /** @param self this server's issuer identifier */
    public Entitlements(String self, Clock clock) {
        workloads = new WorkloadAssertions(self);
        identities = new IdentityAssertions(self, clock);
    }

    /**
     * Holds an assertion against the request that brings it.
     *
     * @param confirmation what the client has proved to hold, or null
     * @throws OAuthException {@code invalid_grant} when it is not meant for this server, client or proof;
     *     {@code unauthorized_client} when the issuer wants more of a client than its name
     */
    public Entitlement of(Assertion assertion, Client client, Confirmation confirmation) {
        if (client.isPublic() && !assertion.issuer().publicClients()) {
            throw new OAuthException(OAuthErrorCode.UNAUTHORIZED_CLIENT, "A client that cannot prove who it is may not use this assertion");
        }
        try {
            requireProof(assertion.claims(), confirmation);
            return assertion.aboutPerson() ? identities.of(assertion, client) : workloads.of(assertion, client);
        } catch (JwtException refusal) {
            throw AssertionReader.refused(refusal.privateReason());
        }
    }

    /** The client must have proved the key or certificate that {@code cnf} names (RFC 7800 §3.1). */
    private static void requireProof(JsonObject claims, Confirmation confirmation) {
        if (!claims.containsKey("cnf")) {
            return;
        }
        if (!(claims.getValue("cnf") instanceof JsonObject demanded) || demanded.isEmpty() || confirmation == null
            || !demanded.fieldNames().stream().allMatch(method -> method.equals(confirmation.method())
                && confirmation.thumbprint().equals(demanded.getValue(method)))) {
            throw new JwtException("bound to what the client has not shown");
        }
    }

    /**
     * The most that a client gets for an assertion.
     *
     * @param subject whose token it yields
     * @param use what counts once; null where it may be used again
     * @param scopeLimits each a list of scopes, none empty: nothing beyond any of them is given
     * @param resourceLimits canonical identifiers, likewise
     * @param resources those that the assertion itself asks for; empty when it says nothing
     */
    record Entitlement(AssertedSubject subject, AssertedToken.Use use, List<List<String>> scopeLimits,
                              List<List<String>> resourceLimits, List<String> resources) {
    }

    /** Statements of workload platforms about the software that they run (RFC 7523 §3, workload identity federation). */
    private static final class WorkloadAssertions {

        private final String self;

        WorkloadAssertions(String self) {
            this.self = self;
        }

        /** By the first rule of the issuer for this client whose conditions are met. */
        Entitlement of(Assertion assertion, Client client) {
            TrustedIssuerOptions issuer = assertion.issuer();
            WorkloadOptions rule = issuer.workloads().stream()
                .filter(each -> each.client().equals(client.id()) && each.claims().meets(assertion.claims())).findFirst()
                .orElseThrow(() -> new JwtException("no rule for this client and workload"));
            ClaimCheck.soleAudience(Set.of(rule.audience() == null ? self : rule.audience())).check(assertion.claims());
            return new Entitlement(rule.user() == null ? new AssertedSubject.TheClient() : new AssertedSubject.LocalUser(rule.user()),
                rule.singleUse() ? use(assertion) : null, limits(issuer.scopes(), rule.scopes()),
                limits(issuer.resources(), rule.resources()), List.of());
        }

        /** Platforms that give no {@code jti} are many; such an assertion is known again by all that it says. */
        private static AssertedToken.Use use(Assertion assertion) {
            JsonObject claims = assertion.claims();
            String jti = Claims.optionalText(claims, "jti");
            return AssertedToken.Use.of("assertion of " + assertion.issuer().issuer(),
                jti == null || jti.isEmpty() ? "digest " + assertion.digest() : "jti " + jti, claims);
        }

        private static List<List<String>> limits(List<String> issuers, List<String> rules) {
            return List.of(issuers, rules).stream().filter(limit -> !limit.isEmpty()).toList();
        }
    }
}
