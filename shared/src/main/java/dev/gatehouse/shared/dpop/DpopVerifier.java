package dev.gatehouse.shared.dpop;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.jose.VerificationKey;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Checks DPoP proofs (RFC 9449 §4.3), except for replay and for the nonce, which {@link DpopNonces} checks. Every rejection is
 * an {@link OAuthException} with {@code invalid_dpop_proof}.
 */
public final class DpopVerifier {

    /** The header field that carries a proof. */
    public static final String HEADER = "DPoP";

    private static final Set<SigningAlgorithm> ALGORITHMS = EnumSet.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384,
        SigningAlgorithm.ES512, SigningAlgorithm.EDDSA, SigningAlgorithm.ED25519, SigningAlgorithm.PS256, SigningAlgorithm.RS256);
    private static final JwtRules RULES = JwtRules.typed("dpop+jwt").by(ALGORITHMS).withEmbeddedKey();
    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");
    private static final int LONGEST_PROOF = 6_000;
    private static final int KEYS_KEPT = 2_000;

    private final JwtVerifier jwts;
    private final ProofClaims claims;
    /** A client signs all its proofs with one key, and parsing a JWK costs as much as several checks. */
    private final Cache<JsonObject, VerificationKey> keys = Caches.builder().maximumSize(KEYS_KEPT).build();

    /**
     * Creates a verifier.
     *
     * @param vertx the Vert.x instance
     * @param lifetimes the accepted age of a proof
     * @param clock tells the current time
     */
    public DpopVerifier(Vertx vertx, ProofLifetime lifetimes, Clock clock) {
        this.jwts = new JwtVerifier(vertx);
        this.claims = new ProofClaims(lifetimes, clock);
    }

    /** {@return the accepted algorithms, as metadata lists them} */
    public static List<String> algorithms() {
        return ALGORITHMS.stream().map(SigningAlgorithm::wireName).toList();
    }

    /**
     * Verifies the proof of a request.
     *
     * @param fields the request's {@code DPoP} header fields; exactly one is required
     * @param request what the proof must be bound to
     * @return the verified proof; fails with {@link OAuthException} {@code invalid_dpop_proof}
     */
    public Future<DpopProof> verify(List<String> fields, ProofTarget request) {
        return Future.succeededFuture(fields)
            .map(DpopVerifier::requireOne)
            .map(UnverifiedJwt::parse)
            .compose(jwt -> verify(jwt, request))
            .recover(failure -> Future.failedFuture(failure instanceof JwtException bad ? invalid(bad) : failure));
    }

    private static String requireOne(List<String> fields) {
        if (fields.size() != 1) {
            throw new JwtException(fields.isEmpty() ? "no proof" : "several proofs");
        }
        if (fields.get(0).length() > LONGEST_PROOF) {
            throw new JwtException("a proof that is too long");
        }
        return fields.get(0);
    }

    /** Checks the claims first, because verifying the signature is expensive. */
    private Future<DpopProof> verify(UnverifiedJwt jwt, ProofTarget request) {
        claims.require(jwt.claims(), request);
        return jwts.verify(jwt, RULES, (kid, algorithm) -> Future.succeededFuture(List.of(key(jwt.header()))))
            .map(verified -> ProofClaims.proof(verified.key().thumbprint(), verified.claims()));
    }

    private VerificationKey key(JsonObject header) {
        if (!(header.getValue("jwk") instanceof JsonObject jwk) || PRIVATE_MEMBERS.stream().anyMatch(jwk::containsKey)) {
            throw new JwtException("no public key in the header");
        }
        return keys.get(jwk, VerificationKey::parse);
    }

    private static OAuthException invalid(JwtException bad) {
        return new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF, "The DPoP proof is missing or not valid for this request",
            bad.privateReason());
    }

    /**
     * The accepted age of a proof (RFC 9449 §11.1).
     *
     * @param pastSeconds the largest age
     * @param futureSeconds how far the client's clock may be ahead
     */
    public record ProofLifetime(long pastSeconds, long futureSeconds) {

        /** The largest accepted difference for a clock that is ahead. */
        private static final long PATIENCE_SECONDS = 15;

        /**
         * {@return limits with the default tolerance for clocks that are ahead}
         *
         * @param pastSeconds the largest age
         */
        public static ProofLifetime of(long pastSeconds) {
            return new ProofLifetime(pastSeconds, PATIENCE_SECONDS);
        }
    }

    /**
     * A verified proof of possession (RFC 9449 §4.3).
     *
     * @param thumbprint the key's JWK SHA-256 thumbprint in base64url (RFC 7638): 43 characters
     * @param jti the identifier of the proof, accepted once
     * @param issuedAt epoch seconds by the client's clock
     * @param nonce the server's nonce in the proof, or null
     */
    public record DpopProof(String thumbprint, String jti, long issuedAt, String nonce) {

        /** {@return the replay key: the {@code jti} scoped to the key, so that one client cannot use up another's identifier} */
        public String identifier() {
            return SecretToken.hash(thumbprint + '\n' + jti);
        }
    }

    /**
     * The request that a proof must be bound to.
     *
     * @param method the HTTP method
     * @param urls the URLs of the endpoint from the server's configuration, never from the request; {@code htu} must be one
     *     of them
     * @param accessToken the access token of the request; null at an endpoint without one
     */
    public record ProofTarget(String method, List<String> urls, String accessToken) {

        /**
         * {@return a POST without an access token, for endpoints of the authorization server}
         *
         * @param url the URL of the endpoint
         */
        public static ProofTarget post(String url) {
            return new ProofTarget("POST", List.of(url), null);
        }

        @Override
        public String toString() {
            return "ProofTarget[" + method + " " + urls + "]";
        }
    }
}
