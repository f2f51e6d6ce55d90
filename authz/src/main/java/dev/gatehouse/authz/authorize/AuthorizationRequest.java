package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * A valid authorization request, as far as it matters once a person has answered it (RFC 6749 §4.1.1).
 *
 * @param redirectUri as it was sent, or the client's only one
 * @param state to be given back unchanged, or null when none was sent
 * @param scopes what was asked for, at least one
 * @param resources canonical identifiers, at least one
 * @param codeChallenge S256 (RFC 7636 §4.2)
 * @param nonce to be given back in the ID token (OpenID Connect Core §3.1.2.1), or null
 * @param loginHint whom the client expects to log in, or null
 * @param subHint whom alone the client wants to hear of (OpenID Connect Core §3.1.2.2), or null
 * @param dpopJkt thumbprint of the key that the code is to be bound to (RFC 9449 §10), or null
 * @param responseMode how the answer travels
 * @param pushedHash of the reference under which it was pushed (RFC 9126), or null
 */
public record AuthorizationRequest(String clientId, String redirectUri, String state, Scopes scopes,
                                   List<String> resources, String codeChallenge, String nonce, String loginHint, String subHint,
                                   String dpopJkt, ResponseMode responseMode, String pushedHash) {

    public AuthorizationRequest {
        resources = List.copyOf(resources);
    }
}
