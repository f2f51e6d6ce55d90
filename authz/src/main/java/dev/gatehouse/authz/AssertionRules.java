package dev.gatehouse.authz;

import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.authz.assertion.TrustedIssuerOptions;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtException;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the configuration of trusted issuers and of assertion audiences. */
final class AssertionRules {

    private AssertionRules() {
    }

    static List<String> problems(AuthzOptions options) {
        AssertionOptions assertions = options.assertions();
        List<String> problems = new ArrayList<>();
        List<String> issuers = assertions.trustedIssuers().stream().map(TrustedIssuerOptions::issuer).toList();
        List<String> audiences = assertions.audiences().stream().map(AudienceOptions::issuer).toList();
        checkNames("assertions.trustedIssuers", issuers, options, problems);
        checkNames("assertions.audiences", audiences, options, problems);
        assertions.trustedIssuers().stream().filter(issuer -> issuer.jwks() != null && !hasKey(issuer.jwks()))
            .forEach(issuer -> problems.add("assertions.trustedIssuers: jwks of " + issuer.issuer() + " has no usable public key"));
        if (!options.isDemo() && (assertions.anyLoopbackIssuer() || assertions.anyLoopbackAudience())) {
            problems.add("assertions: anyLoopbackIssuer and anyLoopbackAudience are for development only; list the trusted issuers and audiences");
        }
        return problems;
    }

    /** A server that trusts itself could turn a narrow token into a broad one through an assertion. */
    private static void checkNames(String setting, List<String> names, AuthzOptions options, List<String> problems) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (name.equals(options.issuer().identifier())) {
                problems.add(setting + ": " + name + " is this server itself");
            } else if (!seen.add(name)) {
                problems.add(setting + ": " + name + " is listed twice");
            } else if (!options.isDemo() && !name.startsWith("https://")) {
                problems.add(setting + ": " + name + " is plain http; production requires https");
            }
        }
    }

    private static boolean hasKey(JsonObject jwks) {
        try {
            return FixedKeys.parse(jwks).size() > 0;
        } catch (JwtException e) {
            return false;
        }
    }
}
