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

    /**
     * Checks the components.
     *
     * @param issuer issuer identifier of the authorization server, a URL
     * @param subject the {@code sub} claim
     * @param clientId the client that the token was issued to
     * @param scopes the scopes granted
     * @param expiresAt epoch seconds at which the token ends
     * @param claims all claims of the token or of its introspection; not to be changed
     */
    public Principal {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(claims, "claims");
        scopes = Set.copyOf(scopes);
    }

    /**
     * {@return whether it is the same user through the same client, also with another token}
     *
     * @param other the other principal
     */
    public boolean sameAs(Principal other) {
        return issuer.equals(other.issuer) && subject.equals(other.subject) && clientId.equals(other.clientId);
    }

    /** {@return a key for data of this user: the same for every client and token, and meaningless by itself} */
    public String userKey() {
        return userKey(issuer, subject);
    }

    /**
     * {@return the {@link #userKey()} of a user}
     *
     * @param issuer the issuer that names the user
     * @param subject the subject
     */
    public static String userKey(String issuer, String subject) {
        return SecretToken.hash(issuer + "\n" + subject);
    }
}
