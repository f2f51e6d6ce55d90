package dev.gatehouse.shared.jose;

import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/** One demand on the claims of a JWT. Several are joined by {@link #and}. Those about time are {@link TimeChecks}. */
@FunctionalInterface
public interface ClaimCheck {

    /** @throws JwtException when the claims do not meet the demand */
    void check(JsonObject claims);

    /** Both demands, this one first. */
    default ClaimCheck and(ClaimCheck other) {
        return claims -> {
            check(claims);
            other.check(claims);
        };
    }

    /** {@code iss} is exactly this (RFC 7519 §4.1.1; no normalization, RFC 8414 §4). */
    static ClaimCheck issuer(String issuer) {
        return value("iss", issuer);
    }

    /** A text claim is exactly this. */
    static ClaimCheck value(String name, String expected) {
        return claims -> require(Claims.text(claims, name).equals(expected), "another " + name);
    }

    /** These claims are there, as texts that are not empty. */
    static ClaimCheck present(String... names) {
        return claims -> List.of(names).forEach(name -> Claims.text(claims, name));
    }

    /** {@code aud} names one of these, maybe beside others (RFC 7519 §4.1.3). */
    static ClaimCheck audience(Set<String> accepted) {
        return claims -> require(Claims.audience(claims).stream().anyMatch(accepted::contains), "another audience");
    }

    /** {@code aud} is exactly one value and one of these, so that the JWT cannot be replayed elsewhere. */
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
