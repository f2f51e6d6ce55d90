package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.TrustedIssuerOptions.WorkloadOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/** Statements of workload platforms about the software that they run (RFC 7523 §3, workload identity federation). */
final class WorkloadAssertions {

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
