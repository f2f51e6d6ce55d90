package dev.gatehouse.shared.dpop;

import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofLifetime;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.Locale;

/** Checks the claims of a proof against its request (RFC 9449 §4.2, §4.3). */
final class ProofClaims {

    /** Longer than any random identifier; bounds the memory of the replay check. */
    private static final int LONGEST_IDENTIFIER = 256;

    private final ProofLifetime lifetimes;
    private final Clock clock;

    ProofClaims(ProofLifetime lifetimes, Clock clock) {
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    /** @throws JwtException if the claims do not match the request */
    void require(JsonObject claims, ProofTarget request) {
        require(Claims.text(claims, "htm").equals(request.method()), "another method");
        String url = Claims.text(claims, "htu");
        require(request.urls().stream().anyMatch(own -> RequestUrl.same(own, url)), "another URL");
        require(Claims.text(claims, "jti").length() <= LONGEST_IDENTIFIER, "an identifier that is too long");
        requireNow(issuedAt(claims));
        if (request.accessToken() != null) {
            require(Claims.text(claims, "ath").equals(SecretToken.hash(request.accessToken())), "another access token");
        }
    }

    static DpopProof proof(String thumbprint, JsonObject claims) {
        return new DpopProof(thumbprint, Claims.text(claims, "jti"), issuedAt(claims) / 1000, Claims.optionalText(claims, "nonce"));
    }

    private void requireNow(long issuedAt) {
        long now = clock.millis();
        require(issuedAt >= now - lifetimes.pastSeconds() * 1000, "made too long ago");
        require(issuedAt <= now + lifetimes.futureSeconds() * 1000, "made in the future");
    }

    private static long issuedAt(JsonObject claims) {
        return Claims.time(claims, "iat").orElseThrow(() -> new JwtException("no iat"));
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new JwtException(otherwise);
        }
    }

    /** Compares {@code htu} values (RFC 9449 §4.3): without query and fragment, normalized by RFC 3986 §6.2.2 and §6.2.3. */
    private static final class RequestUrl {

        private RequestUrl() {
        }

        /** Returns whether two texts name the same URL. The first is the server's own; the second is untrusted. */
        static boolean same(String own, String claimed) {
            if (own.equals(claimed)) {
                return true;
            }
            String normal = normal(claimed);
            return normal != null && normal.equals(normal(own));
        }

        /** The normal form, or null if the text is not an http(s) URL. */
        private static String normal(String text) {
            try {
                URI uri = new URI(text).normalize();
                if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
                    return null;
                }
                String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
                int usual = "https".equals(scheme) ? 443 : 80;
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + (uri.getPort() < 0 ? usual : uri.getPort()) + path;
            } catch (URISyntaxException e) {
                return null;
            }
        }
    }
}
