package dev.gatehouse.authz.dpop;

import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.shared.dpop.DpopNonces;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofLifetime;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.MasterKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Accepts each proof of possession once, on all nodes and across restarts (RFC 9449 §11.1). The nonces
 * are the same on all nodes that share the key file.
 */
public final class DpopProofs {

    private static final String KIND = "dpop";
    /** Much longer than the lifetime of a proof, so that setting the clock back by an hour allows no replay. */
    private static final Duration MEMORY = Duration.ofHours(2);

    private final DpopVerifier verifier;
    private final DpopNonces nonces;
    private final UsedIdentifierStore used;
    private final DpopOptions options;
    private final Clock clock;

    public DpopProofs(Vertx vertx, MasterKey key, UsedIdentifierStore used, DpopOptions options, Clock clock) {
        this.nonces = new DpopNonces(key.keyedHash("dpop nonces"), clock);
        this.verifier = new DpopVerifier(vertx, ProofLifetime.of(options.proofSeconds()), clock);
        this.used = used;
        this.options = options;
        this.clock = clock;
    }

    /**
     * Accepts the proof of a request.
     *
     * @param fields the {@code DPoP} header fields of the request
     * @return the thumbprint of the key; fails with {@code invalid_dpop_proof}, or with {@code use_dpop_nonce}
     */
    public Future<String> take(List<String> fields, ProofTarget request) {
        return verifier.verify(fields, request).map(proof -> nonces.require(proof, options.nonceRequired()))
            .compose(proof -> used.use(KIND, proof.identifier(), clock.millis() + MEMORY.toMillis())
                .map(first -> requireFirst(first, proof)));
    }

    private static String requireFirst(boolean first, DpopProof proof) {
        if (!first) {
            throw new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF, "The DPoP proof has been used before");
        }
        return proof.thumbprint();
    }

    /** Adds the nonce for the next proof to the response if every proof needs one, or if the check fails for want of one (RFC 9449 §8). */
    public <T> Future<T> withNonce(HttpServerResponse response, Supplier<Future<T>> check) {
        if (options.nonceRequired()) {
            response.putHeader(DpopNonces.HEADER, nonces.current());
        }
        return check.get().onFailure(failure -> {
            if (failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.USE_DPOP_NONCE) {
                response.putHeader(DpopNonces.HEADER, nonces.current());
            }
        });
    }

    /**
     * Tokens bound to a key of the client (RFC 9449).
     *
     * @param nonceRequired whether every proof needs a nonce of this server
     * @param proofSeconds maximum age of a proof
     */
    public record DpopOptions(boolean nonceRequired, long proofSeconds) {
    }
}
