package dev.gatehouse.shared.dpop;

import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Nonces provided by the server, so that DPoP proofs cannot be created in advance (RFC 9449 §8, §9). A nonce is the keyed
 * hash of its period, so nothing is stored and all processes with the same key accept the same nonces. A nonce is valid until the
 * end of the following period.
 */
public final class DpopNonces {

    /** The header field that carries a nonce. */
    public static final String HEADER = "DPoP-Nonce";
    /** The time after which the server provides a new nonce. */
    public static final Duration PERIOD = Duration.ofMinutes(2);

    private final KeyedHash hash;
    private final Clock clock;
    private final AtomicReference<Window> latest = new AtomicReference<>(new Window(Long.MIN_VALUE, "", ""));

    /** The nonces of a period and of the previous one. */
    private record Window(long number, String current, String previous) {
    }

    /**
     * Creates nonces that all processes with the same key accept.
     *
     * @param hash with a key for this purpose only
     * @param clock tells the current time
     */
    public DpopNonces(KeyedHash hash, Clock clock) {
        this.hash = hash;
        this.clock = clock;
    }

    /** {@return the nonce to provide now: 43 base64url characters} */
    public String current() {
        return window().current();
    }

    /**
     * {@return whether the server provided this nonce in the current or the previous period}
     *
     * @param nonce the nonce of a proof
     */
    public boolean isLive(String nonce) {
        Window window = window();
        return SecretToken.constantTimeEquals(window.current(), nonce) || SecretToken.constantTimeEquals(window.previous(), nonce);
    }

    /**
     * Checks the nonce of a proof.
     *
     * @param proof a verified proof
     * @param required whether the proof must have a nonce; a nonce that is present must always be valid
     * @return the proof
     * @throws OAuthException {@code use_dpop_nonce}
     */
    public DpopProof require(DpopProof proof, boolean required) {
        if (proof.nonce() == null ? required : !isLive(proof.nonce())) {
            throw new OAuthException(OAuthErrorCode.USE_DPOP_NONCE, "Create a new proof with the nonce of the DPoP-Nonce header");
        }
        return proof;
    }

    /** Never goes back: a clock that is set back does not make an old nonce valid again. */
    private Window window() {
        long number = clock.millis() / PERIOD.toMillis();
        Window known = latest.get();
        return number <= known.number() ? known : latest.updateAndGet(other -> number <= other.number() ? other : window(number));
    }

    private Window window(long number) {
        return new Window(number, hash.of(Long.toString(number)), hash.of(Long.toString(number - 1)));
    }
}
