package dev.gatehouse.client.oauth;

import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.CodeChallenge;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.text.VisibleText;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One authorization request and all that its response is checked against.
 *
 * @param resource value of the {@code resource} parameter, or null
 * @param scope or null
 * @param authentication the parameters that ask for a stronger or newer login (RFC 9470 §4), or none
 */
public record LoginRequest(AuthorizationServer server, String clientId, String redirectUri, String resource, String scope,
                                   Map<String, String> authentication, String state, String verifier) {

    public LoginRequest {
        authentication = Map.copyOf(authentication);
    }

    /** Makes a request with a state and a PKCE verifier of its own. @throws OAuthFailure when the server does not do PKCE by S256 */
    public static LoginRequest create(AuthorizationServer server, String clientId, String redirectUri, String resource, String scope) {
        return create(server, clientId, redirectUri, resource, scope, Map.of());
    }

    /** The same with the authentication that a resource server asks for. */
    static LoginRequest create(AuthorizationServer server, String clientId, String redirectUri, String resource, String scope,
                               Map<String, String> authentication) {
        server.requirePkce();
        return new LoginRequest(server, clientId, redirectUri, resource, scope, authentication, SecretToken.generate(""), SecretToken.generate(""));
    }

    /** The address to open in the browser. */
    public URI url() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", clientId);
        parameters.put("redirect_uri", redirectUri);
        put(parameters, "scope", scope);
        parameters.put("state", state);
        parameters.put("code_challenge", CodeChallenge.s256(verifier));
        parameters.put("code_challenge_method", "S256");
        put(parameters, "resource", resource);
        parameters.putAll(authentication);
        String endpoint = server.authorizationEndpoint().toString();
        return URI.create(FormParameters.addTo(endpoint, parameters));
    }

    private static void put(Map<String, String> parameters, String name, String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    /**
     * Checks the response that came to the redirect URI: its state, then its issuer (RFC 9207 §2.4), and only then what it says.
     *
     * @return the code
     */
    String codeOf(Map<String, String> response) {
        if (!state.equals(response.get("state"))) {
            throw OAuthFailure.protocol("The authorization response does not belong to this request: its state is another.");
        }
        requireIssuer(response.get("iss"));
        if (response.containsKey("error")) {
            String description = response.get("error_description");
            throw new OAuthFailure(OAuthFailure.Kind.REFUSED, VisibleText.of("The authorization server " + server.name() + " answered "
                + response.get("error") + (description == null ? "" : " (" + description + ")")), response.get("error"));
        }
        return requireCode(response.get("code"));
    }

    private void requireIssuer(String issuer) {
        if (issuer == null ? server.promisesIssuerInResponses() : server.issuer() != null && !issuer.equals(server.issuer())) {
            throw OAuthFailure.protocol("The authorization response is from " + (issuer == null ? "an unnamed server" : VisibleText.of(issuer))
                + ", not from " + server.issuer() + " (RFC 9207 §2.4). The code is not used.");
        }
    }

    private static String requireCode(String code) {
        if (code == null || code.isBlank()) {
            throw OAuthFailure.protocol("The authorization response has no code.");
        }
        return code;
    }

    /** The token request that redeems a code. */
    public Map<String, String> redemption(String code) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code);
        parameters.put("redirect_uri", redirectUri);
        parameters.put("code_verifier", verifier);
        put(parameters, "resource", resource);
        return parameters;
    }

    @Override
    public String toString() {
        return "AuthorizationRequest[" + clientId + " at " + server.name() + "]";
    }
}
