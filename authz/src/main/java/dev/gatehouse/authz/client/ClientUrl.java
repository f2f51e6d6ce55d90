package dev.gatehouse.authz.client;

import dev.gatehouse.shared.fetch.FetchException;
import dev.gatehouse.shared.fetch.FetchUrl;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;

import java.util.regex.Pattern;

/**
 * Client identifiers that are URLs (draft-ietf-oauth-client-id-metadata-document §3): https, a path beyond the root, no
 * fragment, no user information, no segment of dots. What is fetched is what was sent, byte by byte, so two spellings are
 * two clients.
 */
public final class ClientUrl {

    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i).*/(\\.|%2e){1,2}(/.*|$)");

    private ClientUrl() {
    }

    /** Returns whether an identifier has the form of such a URL, valid or not. */
    public static boolean isMeant(String clientId, boolean loopbackAllowed) {
        return clientId.startsWith("https://") || loopbackAllowed && clientId.startsWith("http://");
    }

    /** @throws OAuthException {@code invalid_client} that says which rule it breaks */
    public static FetchUrl require(String clientId, boolean loopbackAllowed) {
        try {
            FetchUrl url = FetchUrl.parse(clientId, loopbackAllowed);
            String path = url.target().split("\\?", 2)[0];
            if (path.equals("/")) {
                throw refused("it needs a path, as https://app.example.com/client.json has one");
            }
            if (DOT_SEGMENT.matcher(path).matches()) {
                throw refused("its path has a segment of dots");
            }
            return url;
        } catch (FetchException refusal) {
            throw refused(refusal.getMessage());
        }
    }

    private static OAuthException refused(String rule) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT, "The client_id is no URL of a metadata document: " + rule);
    }
}
