package dev.gatehouse.authz.token;

import java.util.List;

/**
 * A client's attempt to turn a code into tokens (RFC 6749 §4.1.3).
 *
 * @param redirectUri as it was sent again, or null
 * @param codeChallenge S256 of the verifier that was sent; empty for none
 * @param resources what the access token is asked for; empty for all that was approved
 * @param issue the tokens to store if the attempt succeeds
 */
public record Redemption(String codeHash, String clientId, String redirectUri, String codeChallenge,
                         List<String> resources, TokensToIssue issue) {

    public Redemption {
        resources = List.copyOf(resources);
    }
}
