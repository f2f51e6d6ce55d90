package dev.gatehouse.authz.token;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.JwtVerifier.VerifiedJwt;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Clock;

/**
 * Finds access tokens by their text. The store has their hashes only. A JWT has the hash in its {@code jti}, and is valid only as long as
 * the key that signed it.
 */
public final class PresentedTokens {

    private static final JwtRules RULES = JwtRules.typed("at+jwt");
    private static final int MOST_REMEMBERED = 50_000;

    private final JwtVerifier verifier;
    private final KeySource keys;
    private final ClaimCheck check;
    private final TokenIndex index;
    private final Clock clock;
    /** JWTs with a verified signature, by their hash. They stay valid as long as their key is published. */
    private final Cache<TokenKey, Verified> verified = Caches.builder().maximumSize(MOST_REMEMBERED).build();

    private record Verified(TokenKey token, String kid, SigningAlgorithm algorithm) {
    }

    /** @param keys the keys of this server */
    public PresentedTokens(Vertx vertx, KeySource keys, String issuer, TokenIndex index, Clock clock) {
        this.verifier = new JwtVerifier(vertx);
        this.keys = keys;
        this.index = index;
        this.clock = clock;
        this.check = ClaimCheck.issuer(issuer).and(ClaimCheck.present("jti"));
    }

    /** Returns true if a text has the form of an access token. */
    public static boolean mayBe(String text) {
        return TokenKind.ACCESS.matches(text) || UnverifiedJwt.looksLikeOne(text);
    }

    /** The hash by which the token may be stored; null for a text that this server did not issue. */
    public Future<String> hashOf(String text) {
        return keyOf(text).map(key -> key == null ? null : key.hash());
    }

    /** Finds the active token of a text; null if this server did not issue it, or if it is expired or revoked. */
    public Future<IndexedToken> findActive(String text) {
        return keyOf(text).compose(key -> key == null ? Future.succeededFuture() : index.find(key))
            .map(found -> found == null || found.expiresAt() <= clock.millis() ? null : found);
    }

    private Future<TokenKey> keyOf(String text) {
        if (TokenKind.ACCESS.matches(text)) {
            return Future.succeededFuture(TokenKey.ofToken(text));
        }
        return UnverifiedJwt.looksLikeOne(text) ? keyOfJwt(text) : Future.succeededFuture();
    }

    private Future<TokenKey> keyOfJwt(String text) {
        TokenKey key = TokenKey.ofToken(text);
        Verified known = verified.getIfPresent(key);
        if (known != null) {
            return keys.candidates(known.kid(), known.algorithm()).map(found -> found.isEmpty() ? null : known.token());
        }
        return verifier.verify(text, RULES, keys).map(jwt -> remember(key, jwt.require(check)))
            .recover(failure -> failure instanceof JwtException ? Future.succeededFuture() : Future.failedFuture(failure));
    }

    private TokenKey remember(TokenKey key, VerifiedJwt jwt) {
        TokenKey token = TokenKey.ofHash(Claims.text(jwt.claims(), "jti"));
        SigningAlgorithm algorithm = SigningAlgorithm.named(Claims.text(jwt.header(), "alg")).orElseThrow();
        verified.put(key, new Verified(token, jwt.key().kid(), algorithm));
        return token;
    }
}
