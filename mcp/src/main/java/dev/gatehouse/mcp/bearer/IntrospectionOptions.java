package dev.gatehouse.mcp.bearer;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Options for token introspection.
 *
 * @param authServer           issuer identifier of the authorization server, a URL
 * @param clientId             this server's client id there, or null for no client authentication
 * @param clientSecret         the client secret, or null
 * @param timeoutMillis        for one request, including discovery
 * @param cacheSeconds         maximum time in the cache for a valid token, at most 60
 * @param negativeCacheSeconds time in the cache for an invalid token
 * @param cacheEntries         maximum number of tokens in the cache
 * @param revalidateSeconds    interval of checks for the token of an open stream
 */
public record IntrospectionOptions(String authServer, String clientId, String clientSecret, int timeoutMillis, int cacheSeconds,
                                   int negativeCacheSeconds, int cacheEntries, int revalidateSeconds) {

    private static final Pattern ORIGIN_AND_SLASH = Pattern.compile("^(https?://[^/]+)/+$");

    /**
     * Checks the components.
     *
     * @param authServer issuer identifier of the authorization server, a URL
     * @param clientId this server's client id there, or null for no client authentication
     * @param clientSecret the client secret, or null
     * @param timeoutMillis for one request, including discovery
     * @param cacheSeconds maximum time in the cache for a valid token, at most 60
     * @param negativeCacheSeconds time in the cache for an invalid token
     * @param cacheEntries maximum number of tokens in the cache
     * @param revalidateSeconds interval of checks for the token of an open stream
     */
    public IntrospectionOptions {
        Objects.requireNonNull(authServer, "authServer");
        // The issuer itself says in its metadata whether it has a final slash. Most have none, and people type one.
        authServer = ORIGIN_AND_SLASH.matcher(authServer).replaceFirst("$1");
    }

    /**
     * {@return the defaults, for introspection without client authentication}
     *
     * @param authServer the issuer identifier of the authorization server
     */
    public static IntrospectionOptions of(String authServer) {
        return new IntrospectionOptions(authServer, null, null, 3_000, 60, 5, 100_000, 4);
    }

    @Override
    public String toString() {
        return "IntrospectionOptions[authServer=" + authServer + ", clientId=" + clientId + "]";
    }
}
