package dev.gatehouse.mcp.bearer;

import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;

/**
 * The access token of a request: from one {@code Authorization} header, and from nowhere else.
 *
 * @param text possibly malformed or empty
 */
record PresentedToken(AuthScheme scheme, String text) {

    /**
     * @return null when the request brings none
     * @throws OAuthException {@code invalid_request} when a token is in the URL, where logs and histories keep it
     *     (RFC 9700 §4.3.2), or when there are two credentials (RFC 6750 §3.1)
     */
    static PresentedToken of(HttpServerRequest request) {
        String query = request.query();
        if (query != null && query.contains("access_token") && FormParameters.parse(query).has("access_token")) {
            throw invalid("Send the access token in the Authorization header and never in the URL");
        }
        String header = request.getHeader("Authorization");
        if (header == null) {
            return null;
        }
        List<String> headers = request.headers().getAll("Authorization");
        if (headers.size() > 1) {
            throw invalid("Send one Authorization header");
        }
        AuthorizationHeader sent = AuthorizationHeader.parse(header);
        return sent.is(AuthScheme.BEARER.wireName()) ? new PresentedToken(AuthScheme.BEARER, sent.credentials())
            : sent.is(AuthScheme.DPOP.wireName()) ? new PresentedToken(AuthScheme.DPOP, sent.credentials()) : null;
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, description);
    }

    @Override
    public String toString() {
        return "PresentedToken[" + scheme + "]";
    }

    /** The authentication scheme of an access token. */
    enum AuthScheme {
        /** By who has it (RFC 6750). */
        BEARER("Bearer"),
        /** By who proves to hold the key that it is bound to (RFC 9449 §7). */
        DPOP("DPoP");

        private final String wireName;

        AuthScheme(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }
}
