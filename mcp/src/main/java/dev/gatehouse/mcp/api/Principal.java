package dev.gatehouse.mcp.api;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.util.Objects;
import java.util.Set;

/**
 * The authenticated caller that an access token names. A user is {@code issuer} and {@code subject} together; a subject alone
 * identifies no user.
 *
 * @param issuer    issuer identifier of the authorization server, a URL
 * @param subject   the {@code sub} claim
 * @param clientId  the client that the token was issued to
 * @param scopes    the scopes granted
 * @param expiresAt epoch seconds at which the token ends
 * @param claims    all claims of the token or of its introspection; not to be changed
 */
public record Principal(String issuer, String subject, String clientId, Set<String> scopes, long expiresAt, JsonObject claims)
    implements Caller {

    public Principal {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(claims, "claims");
        scopes = Set.copyOf(scopes);
    }

    /** Returns true for the same user through the same client, also with another token. */
    public boolean sameAs(Principal other) {
        return issuer.equals(other.issuer) && subject.equals(other.subject) && clientId.equals(other.clientId);
    }

    /** A key under which data of this user is kept: the same for every client and token, and telling nothing by itself. */
    public String userKey() {
        return userKey(issuer, subject);
    }

    /** The {@link #userKey()} of the user that this issuer knows as this subject. */
    public static String userKey(String issuer, String subject) {
        return SecretToken.hash(issuer + "\n" + subject);
    }
}
