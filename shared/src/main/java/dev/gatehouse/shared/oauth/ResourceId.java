package dev.gatehouse.shared.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The identifier of a protected resource (RFC 8707 §2, RFC 9728 §1.2): an absolute http(s) URI without fragment, kept as
 * it was written but with lower-case scheme and host, without a default port, and without a path of only a slash, so
 * that spellings that RFC 3986 §6.2.3 calls equivalent are equal.
 */
public record ResourceId(String value) {

    /** @throws OAuthException {@code invalid_target} when the text is not such a URI */
    public static ResourceId parse(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getRawFragment() != null || text.indexOf('#') >= 0) {
                throw invalid("a resource has no fragment");
            }
            if (!uri.isAbsolute() || uri.getHost() == null || uri.getRawUserInfo() != null) {
                throw invalid("a resource is an absolute URI with a host and no user information");
            }
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("https") && !scheme.equals("http")) {
                throw invalid("a resource is an https URI, or http on loopback");
            }
            return new ResourceId(scheme + "://" + authority(uri, scheme) + path(uri) + query(uri));
        } catch (URISyntaxException e) {
            throw invalid("a resource is a URI");
        }
    }

    private static String authority(URI uri, String scheme) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int defaultPort = scheme.equals("https") ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == defaultPort ? host : host + ":" + uri.getPort();
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path.equals("/") ? "" : path;
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    }

    /** The same with a slash at the end of the path where there is none, and without where there is one. */
    public ResourceId withOtherEnding() {
        if (value.indexOf('?') >= 0) {
            return this;
        }
        return new ResourceId(value.endsWith("/") ? value.substring(0, value.length() - 1) : value + "/");
    }

    /** Whether the host is this machine by its loopback address or the name localhost. */
    public boolean isLoopback() {
        return Loopback.isLoopbackHost(URI.create(value).getHost());
    }

    @Override
    public String toString() {
        return value;
    }

    private static OAuthException invalid(String rule) {
        return new OAuthException(OAuthErrorCode.INVALID_TARGET, "The resource parameter is not valid: " + rule);
    }
}
