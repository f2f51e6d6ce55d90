package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * An authorization server, as its metadata describes it (RFC 8414 §2).
 *
 * @param issuer its identifier, to the letter; null when only endpoints are configured
 * @param document its metadata
 */
public record AuthorizationServer(String issuer, JsonObject document) {

    private static final List<String> ENDPOINTS = List.of("authorization_endpoint", "token_endpoint", "registration_endpoint",
        "device_authorization_endpoint", "pushed_authorization_request_endpoint", "revocation_endpoint");

    /**
     * Takes a metadata document.
     *
     * @param expectedIssuer the identifier by which the document was found
     * @throws OAuthFailure when the document has another issuer (RFC 8414 §3.3), or an endpoint that is neither https nor loopback
     */
    public static AuthorizationServer of(String expectedIssuer, JsonObject document) {
        String issuer = Members.text(document, "issuer");
        if (!expectedIssuer.equals(issuer)) {
            throw OAuthFailure.protocol("The metadata of " + expectedIssuer + " has the issuer " + issuer
                + "; they must be equal to the letter (RFC 8414 §3.3).");
        }
        for (String endpoint : ENDPOINTS) {
            if (Members.text(document, endpoint) != null) {
                SecureUrl.require(Members.text(document, endpoint), "The authorization server's " + endpoint);
            }
        }
        return new AuthorizationServer(issuer, document);
    }

    /** A server of which only endpoints are known, from the user's configuration. */
    static AuthorizationServer configured(String authorizationUrl, String tokenUrl) {
        JsonObject document = new JsonObject().put("authorization_endpoint", authorizationUrl).put("token_endpoint", tokenUrl)
            .put("code_challenge_methods_supported", JsonArray.of("S256"));
        return new AuthorizationServer(null, document);
    }

    /** The endpoints that revision 2025-03-26 has clients assume where a server has no metadata. */
    static AuthorizationServer withDefaultEndpoints(String origin) {
        return new AuthorizationServer(origin, new JsonObject().put("issuer", origin).put("authorization_endpoint", origin + "/authorize")
            .put("token_endpoint", origin + "/token").put("registration_endpoint", origin + "/register")
            .put("code_challenge_methods_supported", JsonArray.of("S256")));
    }

    /** The name to show to the user. */
    public String name() {
        return issuer != null ? issuer : SecureUrl.origin(tokenEndpoint());
    }

    public URI authorizationEndpoint() {
        return endpoint("authorization_endpoint").orElseThrow(() -> missing("authorization_endpoint"));
    }

    public URI tokenEndpoint() {
        return endpoint("token_endpoint").orElseThrow(() -> missing("token_endpoint"));
    }

    public Optional<URI> endpoint(String name) {
        return Optional.ofNullable(Members.text(document, name)).map(url -> SecureUrl.require(url, "The authorization server's " + name));
    }

    private OAuthFailure missing(String endpoint) {
        return OAuthFailure.protocol("The metadata of " + issuer + " has no " + endpoint + ".");
    }

    /** Returns true when a list of the metadata holds a value. */
    public boolean supports(String list, String value) {
        return Members.texts(document, list).contains(value);
    }

    public List<String> list(String name) {
        return Members.texts(document, name);
    }

    /** @throws OAuthFailure when the server does not say that it verifies S256 challenges, as the specification of MCP demands */
    void requirePkce() {
        if (!supports("code_challenge_methods_supported", "S256")) {
            throw OAuthFailure.protocol("The authorization server " + name() + " does not list S256 in code_challenge_methods_supported,"
                + " so its codes could be stolen. Clients of MCP must not use it.");
        }
    }

    public boolean takesClientDocuments() {
        return Boolean.TRUE.equals(document.getValue("client_id_metadata_document_supported"));
    }

    public boolean promisesIssuerInResponses() {
        return Boolean.TRUE.equals(document.getValue("authorization_response_iss_parameter_supported"));
    }
}
