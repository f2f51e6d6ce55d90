package dev.gatehouse.authz.token;

import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.Scopes;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * An access token as it is stored.
 *
 * @param hash of the token's text
 * @param grantId the family it belongs to; null for a client's own token
 * @param sub the user, or the client itself
 * @param audience the resources that it is good for, at least one
 * @param issuedAt epoch milliseconds
 * @param expiresAt epoch milliseconds
 * @param confirmation what it is bound to, or null for a bearer token
 */
public record AccessToken(String hash, String grantId, String clientId, String sub, Scopes scopes, List<String> audience,
                          long issuedAt, long expiresAt, Confirmation confirmation) {

    public AccessToken {
        audience = List.copyOf(audience);
        if (audience.isEmpty()) {
            throw new IllegalArgumentException("A token without an audience would be good everywhere");
        }
    }

    /** The same token with other scopes. */
    AccessToken withScopes(Scopes other) {
        return new AccessToken(hash, grantId, clientId, sub, other, audience, issuedAt, expiresAt, confirmation);
    }

    /** Returns true for a token of type DPoP, which is useless without proofs by a key (RFC 9449 §5). */
    public boolean isBoundToKey() {
        return confirmation != null && confirmation.isKey();
    }

    /**
     * The key or certificate that a token is bound to. The user of the token proves possession of it (RFC 7800 §3.1).
     *
     * @param method the member of {@code cnf}: {@code jkt} (RFC 9449 §6.1) or {@code x5t#S256} (RFC 8705 §3.1)
     * @param thumbprint base64url of SHA-256
     */
    public record Confirmation(String method, String thumbprint) {

        public static final String KEY = "jkt";
        public static final String CERTIFICATE = "x5t#S256";

        /** To a key by which its holder signs proofs (RFC 7638 thumbprint). */
        public static Confirmation ofKey(String thumbprint) {
            return new Confirmation(KEY, thumbprint);
        }

        /** To the certificate of a TLS client (RFC 8705 §3.1); null without one. @param chain its own certificate first */
        public static Confirmation ofCertificate(List<X509Certificate> chain) {
            return chain.isEmpty() ? null : new Confirmation(CERTIFICATE, ClientCertificates.thumbprint(chain.get(0)));
        }

        /** Returns true for a key, which makes the token's type DPoP. */
        public boolean isKey() {
            return method.equals(KEY);
        }

        /** The form in the tables; null for null. */
        static String stored(Confirmation confirmation) {
            return confirmation == null ? null : confirmation.method + ' ' + confirmation.thumbprint;
        }

        /** Reads what {@link #stored} wrote; null for null. */
        public static Confirmation of(String stored) {
            if (stored == null) {
                return null;
            }
            int blank = stored.indexOf(' ');
            return new Confirmation(stored.substring(0, blank), stored.substring(blank + 1));
        }
    }
}
