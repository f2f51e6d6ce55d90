package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/**
 * The parameters of a valid authorization request that matter after the user's decision (RFC 6749 §4.1.1).
 *
 * @param redirectUri the redirect URI of the request, or the client's only one
 * @param state returned unchanged, or null
 * @param scopes the requested scopes, at least one
 * @param resources canonical resource identifiers, at least one
 * @param codeChallenge S256 (RFC 7636 §4.2)
 * @param nonce returned in the ID token (OpenID Connect Core §3.1.2.1), or null
 * @param loginHint the username that the client expects, or null
 * @param subHint the only user that the client accepts (OpenID Connect Core §3.1.2.2), or null
 * @param dpopJkt the thumbprint of the key to which the code is bound (RFC 9449 §10), or null
 * @param acrValues the authentication context classes of which the login must satisfy one, or none
 * @param responseMode the response mode
 * @param pushedHash the hash of the reference of a pushed request (RFC 9126), or null
 */
public record AuthorizationRequest(String clientId, String redirectUri, String state, Scopes scopes,
                                   List<String> resources, String codeChallenge, String nonce, String loginHint, String subHint,
                                   String dpopJkt, List<String> acrValues, ResponseMode responseMode, String pushedHash) {

    public AuthorizationRequest {
        resources = List.copyOf(resources);
        acrValues = List.copyOf(acrValues);
    }

    /** The same request with other scopes; none if the person can have none. */
    public AuthorizationRequest withScopes(Scopes other) {
        return new AuthorizationRequest(clientId, redirectUri, state, other, resources, codeChallenge, nonce, loginHint, subHint, dpopJkt,
            acrValues, responseMode, pushedHash);
    }
}
