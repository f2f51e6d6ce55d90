package dev.gatehouse.shared.dpop;

import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Nonces that a server gives to its clients, so that proofs cannot be made in advance (RFC 9449 §8, §9). Nothing is
 * stored: a nonce is the keyed hash of its period, so all processes with one key know the same ones. It lives until the
 * end of the period after its own.
 */
public final class DpopNonces {

    /** Header field in which a nonce is given. */
    public static final String HEADER = "DPoP-Nonce";
    /** Within which a client uses the nonce that it was given at latest. */
    public static final Duration PERIOD = Duration.ofMinutes(2);

    private final KeyedHash hash;
    private final Clock clock;
    private final AtomicReference<Window> latest = new AtomicReference<>(new Window(Long.MIN_VALUE, "", ""));

    /** The nonces of a period and of the one before. */
    private record Window(long number, String current, String previous) {
    }

    /** @param hash keyed for this purpose alone */
    public DpopNonces(KeyedHash hash, Clock clock) {
        this.hash = hash;
        this.clock = clock;
    }

    /** The nonce to give now: 43 base64url characters. */
    public String current() {
        return window().current();
    }

    /** Whether this is a nonce that was given a moment ago. */
    public boolean isLive(String nonce) {
        Window window = window();
        return SecretToken.constantTimeEquals(window.current(), nonce) || SecretToken.constantTimeEquals(window.previous(), nonce);
    }

    /**
     * Holds a proof against the nonces that were given.
     *
     * @param required whether it has to hold one; one that it holds has to be live in any case
     * @return the proof
     * @throws OAuthException {@code use_dpop_nonce}
     */
    public DpopProof require(DpopProof proof, boolean required) {
        if (proof.nonce() == null ? required : !isLive(proof.nonce())) {
            throw new OAuthException(OAuthErrorCode.USE_DPOP_NONCE, "Use the nonce in the DPoP-Nonce header for a new proof");
        }
        return proof;
    }

    /** Never goes back, so that a clock which is set back revives no nonce. */
    private Window window() {
        long number = clock.millis() / PERIOD.toMillis();
        Window known = latest.get();
        return number <= known.number() ? known : latest.updateAndGet(other -> number <= other.number() ? other : window(number));
    }

    private Window window(long number) {
        return new Window(number, hash.of(Long.toString(number)), hash.of(Long.toString(number - 1)));
    }
}
