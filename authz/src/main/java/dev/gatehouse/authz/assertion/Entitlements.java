package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.token.Confirmation;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.JsonObject;

import java.time.Clock;

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
}
