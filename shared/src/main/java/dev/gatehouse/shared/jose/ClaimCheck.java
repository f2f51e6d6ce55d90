package dev.gatehouse.shared.jose;

import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/** A check of the claims of a JWT. Checks are combined by {@link #and}; {@link TimeChecks} has those of times. */
@FunctionalInterface
public interface ClaimCheck {

    /** @throws JwtException if the claims do not pass */
    void check(JsonObject claims);

    /** Both checks, this one first. */
    default ClaimCheck and(ClaimCheck other) {
        return claims -> {
            check(claims);
            other.check(claims);
        };
    }

    /** {@code iss} equals this value (RFC 7519 §4.1.1; no normalization, RFC 8414 §4). */
    static ClaimCheck issuer(String issuer) {
        return value("iss", issuer);
    }

    /** A string claim equals this value. */
    static ClaimCheck value(String name, String expected) {
        return claims -> require(Claims.text(claims, name).equals(expected), "another " + name);
    }

    /** These claims are present and are not empty strings. */
    static ClaimCheck present(String... names) {
        return claims -> List.of(names).forEach(name -> Claims.text(claims, name));
    }

    /** {@code aud} contains one of these values, and may contain others (RFC 7519 §4.1.3). */
    static ClaimCheck audience(Set<String> accepted) {
        return claims -> require(Claims.audience(claims).stream().anyMatch(accepted::contains), "another audience");
    }

    /** {@code aud} has exactly one value and it is one of these, so that the JWT cannot be replayed elsewhere. */
    static ClaimCheck soleAudience(Set<String> accepted) {
        return claims -> {
            List<String> audience = Claims.audience(claims);
            require(audience.size() == 1 && accepted.contains(audience.get(0)), "another audience, or several");
        };
    }

    private static void require(boolean met, String reason) {
        if (!met) {
            throw new JwtException(reason);
        }
    }
}
