package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.oauth.UrlSpelling;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;

/**
 * Protected resource metadata (RFC 9728 §2).
 *
 * @param document as the server sent it
 */
public record ResourceMetadata(JsonObject document) {

    public String resource() {
        return Members.text(document, "resource");
    }

    public List<String> authorizationServers() {
        return Members.texts(document, "authorization_servers");
    }

    public List<String> scopesSupported() {
        return Members.texts(document, "scopes_supported");
    }

    /** Returns true when the resource takes DPoP-bound tokens (RFC 9728 §2). */
    public boolean offersDpop() {
        return Boolean.TRUE.equals(document.getValue("dpop_bound_access_tokens_required"))
            || Members.texts(document, "dpop_signing_alg_values_supported").contains(DpopKey.ALGORITHM);
    }

    /**
     * Checks that the document is about a server that a user named (RFC 9728 §3.3): the resource is the server's URL, or, as deployed
     * servers have it, its origin or a parent of its path. Another resource would get the user's token.
     *
     * @return this
     * @throws OAuthFailure when it is about another resource
     */
    public ResourceMetadata requireAbout(URI server) {
        String resource = resource();
        if (resource == null || !covers(resource, server)) {
            throw OAuthFailure.protocol("The protected resource metadata is about " + resource + ", not about " + server
                + " (RFC 9728 §3.3). Its owner has to correct \"resource\".");
        }
        return this;
    }

    private static boolean covers(String resource, URI server) {
        if (UrlSpelling.areSame(resource, server.toString())) {
            return true;
        }
        URI url = SecureUrl.parse(resource, "The resource of the protected resource metadata");
        String path = url.getRawPath().endsWith("/") ? url.getRawPath() : url.getRawPath() + "/";
        return url.getRawQuery() == null && SecureUrl.origin(url).equalsIgnoreCase(SecureUrl.origin(server))
            && (server.getRawPath() + "/").startsWith(path);
    }
}
