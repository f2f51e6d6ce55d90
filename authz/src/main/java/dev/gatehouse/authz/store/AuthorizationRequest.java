package dev.gatehouse.authz.store;

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
 */
public record AuthorizationRequest(String clientId, String redirectUri, String state, Scopes scopes,
                                   List<String> resources, String codeChallenge) {

    public AuthorizationRequest {
        resources = List.copyOf(resources);
    }
}
