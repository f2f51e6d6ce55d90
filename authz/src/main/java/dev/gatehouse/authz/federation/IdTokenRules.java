package dev.gatehouse.authz.federation;

import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The checks of ID tokens (OpenID Connect Core §3.1.3.7, §12.2) and logout tokens (Back-Channel Logout 1.0 §2.6). Pure. */
final class IdTokenRules {

    static final JwtRules ID_TOKEN = JwtRules.typed("JWT").orUntyped();
    static final JwtRules LOGOUT_TOKEN = JwtRules.typed("logout+jwt").orUntyped();
    static final Duration SKEW = TimeChecks.MAX_SKEW;

    private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
    /** A logout token that is valid for longer would make its one-time identifier live long. */
    private static final Duration LONGEST_LOGOUT_TOKEN = Duration.ofHours(1);

    private IdTokenRules() {
    }

    /** @param nonce the nonce of the request */
    static ClaimCheck login(ProviderMetadata metadata, String clientId, String nonce, TimeChecks times) {
        return refreshed(metadata, clientId, times).and(claims -> {
            String sent = Claims.text(claims, "nonce");
            if (!SecretToken.constantTimeEquals(nonce, sent)) {
                throw new JwtException("another nonce");
            }
        });
    }

    /** A refreshed ID token need not have a nonce. */
    static ClaimCheck refreshed(ProviderMetadata metadata, String clientId, TimeChecks times) {
        return issuedBy(metadata).and(ClaimCheck.audience(Set.of(clientId))).and(claims -> requireParty(claims, clientId))
            .and(ClaimCheck.present("sub")).and(times.valid());
    }

    static ClaimCheck logout(ProviderMetadata metadata, String clientId, TimeChecks times) {
        return issuedBy(metadata).and(ClaimCheck.audience(Set.of(clientId))).and(times.valid()).and(times.issuedWithin(LONGEST_LOGOUT_TOKEN))
            .and(times.expiresWithin(LONGEST_LOGOUT_TOKEN)).and(ClaimCheck.present("jti")).and(IdTokenRules::requireLogout);
    }

    /** The issuer of a multi-tenant provider contains the tenant of the token. */
    private static ClaimCheck issuedBy(ProviderMetadata metadata) {
        return claims -> ClaimCheck.issuer(metadata.issuerOf(Claims.optionalText(claims, "tid"))).check(claims);
    }

    /** A token for several audiences must name this client as the authorized party. */
    private static void requireParty(JsonObject claims, String clientId) {
        List<String> audience = Claims.audience(claims);
        String party = Claims.optionalText(claims, "azp");
        if (party == null ? audience.size() > 1 : !party.equals(clientId)) {
            throw new JwtException("another azp");
        }
    }

    /** A logout token has no nonce, so that it cannot be taken for an ID token. */
    private static void requireLogout(JsonObject claims) {
        boolean event = claims.getValue("events") instanceof JsonObject events && events.getValue(LOGOUT_EVENT) instanceof JsonObject;
        if (!event || claims.containsKey("nonce")) {
            throw new JwtException("not a logout token");
        }
        if (Claims.optionalText(claims, "sub") == null && Claims.optionalText(claims, "sid") == null) {
            throw new JwtException("neither sub nor sid");
        }
    }
}
