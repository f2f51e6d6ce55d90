package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.shared.dpop.DpopNonces;
import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofLifetime;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers proofs for as long as they are fresh, for all verticle instances of a Vert.x, so that each counts once
 * (RFC 9449 §11.1).
 *
 * <p>What was forgotten is refused like what was seen: a proof that may have been made before the memory began (with the
 * process, or where it ran full and had to drop the older half) counts only with a nonce that was given since. So neither a
 * restart nor a flood nor a clock that is set back lets a proof in twice, and a client with a clock that is right or a
 * nonce notices nothing.
 */
final class ReplayWindow implements Shareable {

    private static final int NONCE_KEY_BYTES = 32;

    private final Clock clock;
    private final DpopOptions options;
    private final long futureMillis;
    private final long spanMillis;
    private Set<String> current = new HashSet<>();
    private Set<String> previous = new HashSet<>();
    private long currentSince;
    /** Proofs made before it may have been forgotten. It only ever rises. Epoch milliseconds by the sender's clock. */
    private long forgottenBefore;
    private DpopNonces nonces;

    ReplayWindow(DpopOptions options, ProofLifetime lifetime, Clock clock) {
        this.clock = clock;
        this.options = options;
        this.futureMillis = lifetime.futureSeconds() * 1000 + 1000;
        this.spanMillis = lifetime.pastSeconds() * 1000 + futureMillis;
        this.currentSince = clock.millis();
        this.forgottenBefore = currentSince + futureMillis;
        this.nonces = newNonces();
    }

    private record Kind(String resource, DpopOptions options) implements Shareable {
    }

    /** The memory that all instances which serve this resource in this way share within this Vert.x. */
    static ReplayWindow shared(Vertx vertx, ProtectedResource resource, DpopOptions options, ProofLifetime lifetime, Clock clock) {
        return vertx.sharedData().<Kind, ReplayWindow>getLocalMap("gatehouse.proofs")
            .computeIfAbsent(new Kind(resource.id().value(), options), absent -> new ReplayWindow(options, lifetime, clock));
    }

    /** The nonce for the next proof. */
    synchronized String nonce() {
        return nonces.current();
    }

    /**
     * Takes a proof that is good in every other way.
     *
     * @throws OAuthException {@code invalid_dpop_proof} for one that was taken before, {@code use_dpop_nonce} for one that may have been
     */
    synchronized void take(DpopProof proof) {
        forget();
        nonces.require(proof, options.nonceRequired() || proof.issuedAt() * 1000 < forgottenBefore);
        String identifier = proof.identifier();
        if (previous.contains(identifier) || !current.add(identifier)) {
            throw new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF, "The DPoP proof has been used before");
        }
    }

    private void forget() {
        long now = clock.millis();
        boolean full = current.size() >= options.proofsKept() / 2;
        if (!full && now - currentSince < spanMillis) {
            return;
        }
        if (full && now - currentSince < spanMillis) {
            // What is dropped now is fresh still: nonces that it may hold end with it.
            nonces = newNonces();
        }
        forgottenBefore = Math.max(forgottenBefore, currentSince + futureMillis);
        previous = current;
        current = new HashSet<>();
        currentSince = now;
    }

    private DpopNonces newNonces() {
        return new DpopNonces(new MasterKey(SecretToken.randomBytes(NONCE_KEY_BYTES)).keyedHash("dpop nonces"), clock);
    }
}
