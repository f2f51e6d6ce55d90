package dev.gatehouse.mcp.bearer;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How tokens are asked about.
 *
 * @param authServer           issuer identifier of the authorization server, a URL
 * @param clientId             this server's client id at it, or null to ask without authenticating
 * @param clientSecret         the secret that goes with it, or null
 * @param timeoutMillis        for one question, discovery included
 * @param cacheSeconds         the longest that a good token is believed without asking again, at most 60
 * @param negativeCacheSeconds how long a refused token stays refused without asking again
 * @param cacheEntries         tokens remembered at most
 * @param revalidateSeconds    between questions about the token of an open stream
 */
public record IntrospectionOptions(String authServer, String clientId, String clientSecret, int timeoutMillis, int cacheSeconds,
                                   int negativeCacheSeconds, int cacheEntries, int revalidateSeconds) {

    private static final Pattern ORIGIN_AND_SLASH = Pattern.compile("^(https?://[^/]+)/+$");

    public IntrospectionOptions {
        Objects.requireNonNull(authServer, "authServer");
        // The issuer itself says in its metadata whether it has a final slash. Most have none, and people type one.
        authServer = ORIGIN_AND_SLASH.matcher(authServer).replaceFirst("$1");
    }

    /** The defaults, for a server that may be asked without authenticating. */
    public static IntrospectionOptions of(String authServer) {
        return new IntrospectionOptions(authServer, null, null, 3_000, 60, 5, 100_000, 4);
    }

    @Override
    public String toString() {
        return "IntrospectionOptions[authServer=" + authServer + ", clientId=" + clientId + "]";
    }
}
