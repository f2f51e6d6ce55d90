package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject;
import dev.gatehouse.authz.assertion.AssertionReader.Assertion;
import dev.gatehouse.authz.assertion.Entitlements.Entitlement;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Statements of identity providers about the users of a client (ID-JAG, draft-ietf-oauth-identity-assertion-authz-grant §4.4.1). */
final class IdentityAssertions {

    private final String self;
    private final Clock clock;

    IdentityAssertions(String self, Clock clock) {
        this.self = self;
        this.clock = clock;
    }

    Entitlement of(Assertion assertion, Client client) {
        JsonObject claims = assertion.claims();
        TrustedIssuerOptions issuer = assertion.issuer();
        if (issuer.accounts() == AccountMapping.Rule.NONE) {
            throw new JwtException("an issuer that is not trusted to speak of people");
        }
        ClaimCheck.soleAudience(Set.of(self)).and(ClaimCheck.value("client_id", client.id())).check(claims);
        // RFC 9396 §5: what we cannot grant must not be left out in silence, and what is asked for instead of scopes even less.
        if (claims.containsKey("authorization_details")) {
            throw new JwtException("authorization details, which are not known here");
        }
        AssertedToken.Use use = AssertedToken.Use.of("ID-JAG of " + issuer.issuer(), Claims.text(claims, "jti"), claims);
        return new Entitlement(person(claims, issuer), use, scopeLimits(claims, issuer), limit(issuer.resources()), resources(claims));
    }

    private AssertedSubject person(JsonObject claims, TrustedIssuerOptions issuer) {
        String email = Boolean.TRUE.equals(claims.getValue("email_verified")) ? Claims.optionalText(claims, "email") : null;
        String name = claims.getValue("name") instanceof String text ? text : null;
        String sub = User.newSub();
        return new AssertedSubject.Person(new ExternalIdentity(issuer.issuer(), tenant(claims, issuer), Claims.text(claims, "sub")),
            issuer.accounts(), email, new User(sub, sub, User.NO_PASSWORD, email, name, false, clock.millis(), null));
    }

    /** An issuer with several tenants is trusted only for the tenants that the configuration names. */
    private static String tenant(JsonObject claims, TrustedIssuerOptions issuer) {
        String tenant = Claims.optionalText(claims, "tenant");
        if (tenant != null && (tenant.isEmpty() || !issuer.claims().name("tenant"))) {
            throw new JwtException("a tenant that is not configured");
        }
        return tenant == null ? "" : tenant;
    }

    /** An empty {@code scope} is a limit too: nothing may be given. */
    private static List<List<String>> scopeLimits(JsonObject claims, TrustedIssuerOptions issuer) {
        List<List<String>> limits = new ArrayList<>(limit(issuer.scopes()));
        String scope = Claims.optionalText(claims, "scope");
        if (scope != null) {
            limits.add(List.copyOf(Scopes.parse(scope).values()));
        }
        return limits;
    }

    private static List<List<String>> limit(List<String> limit) {
        return limit.isEmpty() ? List.of() : List.of(limit);
    }

    /** One identifier or several (RFC 8707 §2). */
    private static List<String> resources(JsonObject claims) {
        Object value = claims.getValue("resource");
        if (value == null && !claims.containsKey("resource")) {
            return List.of();
        }
        Stream<?> each = value instanceof JsonArray several && !several.isEmpty() ? several.stream() : Stream.of(String.valueOf(value));
        return each.map(entry -> ResourceId.parse(String.valueOf(entry)).value()).distinct().toList();
    }
}
