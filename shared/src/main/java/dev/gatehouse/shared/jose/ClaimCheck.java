package dev.gatehouse.shared.jose;

import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/** A check of the claims of a JWT. Checks are combined by {@link #and}; {@link TimeChecks} has those of times. */
@FunctionalInterface
public interface ClaimCheck {

    /**
     * Checks the claims.
     *
     * @param claims the claims of a verified JWT
     * @throws JwtException if the claims do not pass
     */
    void check(JsonObject claims);

    /**
     * {@return a check that makes both checks, this one first}
     *
     * @param other the second check
     */
    default ClaimCheck and(ClaimCheck other) {
        return claims -> {
            check(claims);
            other.check(claims);
        };
    }

    /**
     * {@return a check that {@code iss} equals this value} No normalization takes place (RFC 7519 §4.1.1, RFC 8414 §4).
     *
     * @param issuer the expected issuer
     */
    static ClaimCheck issuer(String issuer) {
        return value("iss", issuer);
    }

    /**
     * {@return a check that a string claim equals this value}
     *
     * @param name the name of the claim
     * @param expected the value
     */
    static ClaimCheck value(String name, String expected) {
        return claims -> require(Claims.text(claims, name).equals(expected), "another " + name);
    }

    /**
     * {@return a check that these claims are present and are not empty strings}
     *
     * @param names the names of the claims
     */
    static ClaimCheck present(String... names) {
        return claims -> List.of(names).forEach(name -> Claims.text(claims, name));
    }

    /**
     * {@return a check that {@code aud} contains one of these values} It may contain others (RFC 7519 §4.1.3).
     *
     * @param accepted the accepted values
     */
    static ClaimCheck audience(Set<String> accepted) {
        return claims -> require(Claims.audience(claims).stream().anyMatch(accepted::contains), "another audience");
    }

    /**
     * {@return a check that {@code aud} has exactly one value and it is one of these} The JWT can then not be replayed elsewhere.
     *
     * @param accepted the accepted values
     */
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
