package dev.gatehouse.authz.token;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * A client's attempt to use a refresh token (RFC 6749 §6).
 *
 * @param scopes what the access token is asked for; empty for all that was granted
 * @param implied those scopes and what they imply, of which the token gets what was granted
 * @param resources what the access token is asked for; empty for all that was granted
 * @param issue the tokens to store if the attempt succeeds; its refresh token is the successor
 * @param graceMillis how long the token, once spent, still yields the same successor
 * @param clientProven whether the client has authenticated itself
 * @param kept whether the token stays the same where its holder is proven
 * @param oldCopyMillis how long ago a token has to be spent that a proven holder may present without harm to its grant
 */
public record Rotation(String tokenHash, String clientId, Scopes scopes, Scopes implied, List<String> resources,
                       TokensToIssue issue, long graceMillis, boolean clientProven, boolean kept, long oldCopyMillis) {

    public Rotation {
        resources = List.copyOf(resources);
    }
}
