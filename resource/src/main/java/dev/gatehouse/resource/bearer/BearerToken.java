package dev.gatehouse.resource.bearer;

import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Takes the bearer token from a request: from one {@code Authorization} header, and from nowhere else. */
final class BearerToken {

    private static final String SCHEME = "bearer";

    private BearerToken() {
    }

    /**
     * @return the token, possibly malformed or empty; or null when the request brings none
     * @throws OAuthException {@code invalid_request} when a token is in the URL, where logs and histories keep it
     *     (RFC 9700 §4.3.2), or when there are two credentials (RFC 6750 §3.1)
     */
    static String of(HttpServerRequest request) {
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
        int end = header.indexOf(' ');
        String scheme = end < 0 ? header : header.substring(0, end);
        return scheme.equalsIgnoreCase(SCHEME) ? header.substring(scheme.length()).strip() : null;
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, description);
    }
}
