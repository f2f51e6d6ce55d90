package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * An access token that an assertion yields if it has not been used.
 *
 * @param use what counts once; null for an assertion that may be used again
 * @param issuer who made the assertion
 * @param grantId of the family that the token begins, where it is a user's
 * @param resources audiences, at least one
 * @param issue without a refresh token
 */
record AssertedToken(Use use, AssertedSubject subject, String issuer, String clientId, String grantId, Scopes scopes,
                            List<String> resources, IssueRequest issue) {

    /**
     * What makes an assertion known again.
     *
     * @param kind with the issuer in it
     * @param expiresAt epoch milliseconds
     */
    public record Use(String kind, String identifier, long expiresAt) {
    }

    public AssertedToken {
        resources = List.copyOf(resources);
    }
}
