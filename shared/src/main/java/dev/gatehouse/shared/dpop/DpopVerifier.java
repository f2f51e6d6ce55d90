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
 * Checks proofs of possession (RFC 9449 §4.3), all but whether a proof was seen before, and its nonce, which is for
 * {@link DpopNonces} to say. Every refusal is an {@link OAuthException} with {@code invalid_dpop_proof}.
 */
public final class DpopVerifier {

    /** Header field of a proof. */
    public static final String HEADER = "DPoP";

    private static final Set<SigningAlgorithm> ALGORITHMS = EnumSet.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384,
        SigningAlgorithm.ES512, SigningAlgorithm.EDDSA, SigningAlgorithm.ED25519, SigningAlgorithm.PS256, SigningAlgorithm.RS256);
    private static final JwtRules RULES = JwtRules.typed("dpop+jwt").by(ALGORITHMS).withEmbeddedKey();
    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");
    private static final int LONGEST_PROOF = 6_000;
    private static final int KEYS_KEPT = 2_000;

    private final JwtVerifier jwts;
    private final ProofClaims claims;
    /** A client signs all its proofs by one key, and the making of a key from its JWK costs as much as some checks. */
    private final Cache<JsonObject, VerificationKey> keys = Caches.builder().maximumSize(KEYS_KEPT).build();

    public DpopVerifier(Vertx vertx, ProofLifetime lifetimes, Clock clock) {
        this.jwts = new JwtVerifier(vertx);
        this.claims = new ProofClaims(lifetimes, clock);
    }

    /** What proofs may be signed with, as metadata names it. */
    public static List<String> algorithms() {
        return ALGORITHMS.stream().map(SigningAlgorithm::wireName).toList();
    }

    /**
     * Verifies the proof of a request.
     *
     * @param fields the request's {@code DPoP} header fields, of which there has to be exactly one
     * @param request what the proof has to be for
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
            throw new JwtException("a proof longer than any that is accepted");
        }
        return fields.get(0);
    }

    /** The claims come first, since a signature is what costs. */
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
     * When a proof is fresh (RFC 9449 §11.1).
     *
     * @param pastSeconds how long ago it may have been made
     * @param futureSeconds how far its sender's clock may be ahead of ours
     */
    public record ProofLifetime(long pastSeconds, long futureSeconds) {

        /** A clock that is more than this ahead is wrong. */
        private static final long PATIENCE_SECONDS = 15;

        /** With the usual patience for clocks that are ahead. */
        public static ProofLifetime of(long pastSeconds) {
            return new ProofLifetime(pastSeconds, PATIENCE_SECONDS);
        }
    }

    /**
     * A proof that its sender holds a key, found good (RFC 9449 §4.3).
     *
     * @param thumbprint of the key: base64url of SHA-256 (RFC 7638), 43 characters
     * @param jti the proof's own identifier, which counts once
     * @param issuedAt epoch seconds, as its sender's clock had it
     * @param nonce the server's nonce that it holds, checked; or null
     */
    public record DpopProof(String thumbprint, String jti, long issuedAt, String nonce) {

        /** What this proof is remembered by: the identifier among those of its key, so that nobody spends another's. */
        public String identifier() {
            return SecretToken.hash(thumbprint + '\n' + jti);
        }
    }

    /**
     * What a proof has to be made for.
     *
     * @param method of the request
     * @param urls of the request as the server knows itself, from its configuration and never from what the request says; one
     *     of them, where it may be called by several
     * @param accessToken the text of the token that the request is made with; null at an endpoint that takes none
     */
    public record ProofTarget(String method, List<String> urls, String accessToken) {

        /** A POST without an access token: of an endpoint of the authorization server. */
        public static ProofTarget post(String url) {
            return new ProofTarget("POST", List.of(url), null);
        }

        @Override
        public String toString() {
            return "ProofTarget[" + method + " " + urls + "]";
        }
    }
}
