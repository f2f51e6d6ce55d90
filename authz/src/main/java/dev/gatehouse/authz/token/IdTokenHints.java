package dev.gatehouse.authz.token;

import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Optional;

/** Verifies ID tokens that clients send back as hints (OpenID Connect RP-Initiated Logout §2). */
public final class IdTokenHints {

    private static final JwtRules RULES = JwtRules.typed("JWT");

    private final JwtVerifier verifier;
    private final KeySource keys;
    private final ClaimCheck check;

    /** @param keys the keys of this server */
    public IdTokenHints(JwtVerifier verifier, KeySource keys, String issuer) {
        this.verifier = verifier;
        this.keys = keys;
        check = ClaimCheck.issuer(issuer).and(ClaimCheck.present("sub", "aud"))
            .and(IdTokenHints::requireExpiry);
    }

    /** Distinguishes ID tokens from signed userinfo responses, which have no {@code exp}. */
    private static void requireExpiry(JsonObject claims) {
        if (Claims.time(claims, "exp").isEmpty()) {
            throw new JwtException("no exp");
        }
    }

    /** The subject and the client of an ID token. */
    public record Hint(String sub, String clientId) {
    }

    /** Accepts expired ID tokens, because a session outlives its ID tokens. Empty if the text is not an ID token of this server. */
    public Future<Optional<Hint>> read(String idToken) {
        return idToken == null ? Future.succeededFuture(Optional.empty())
            : verifier.verify(idToken, RULES, keys).map(jwt -> jwt.require(check))
                .map(jwt -> Optional.of(new Hint(Claims.text(jwt.claims(), "sub"), Claims.text(jwt.claims(), "aud"))))
                .recover(failure -> failure instanceof JwtException ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }
}
