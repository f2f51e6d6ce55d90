package dev.gatehouse.shared.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identifier of a protected resource (RFC 8707 §2): an absolute http(s) URI with a host, or a URN such as
 * {@code urn:example:notes}, without fragment. The scheme and the host are in lower case; a default port and a path of only a
 * slash are removed, so that URIs that RFC 3986 §6.2.3 calls equivalent are equal. The namespace of a URN is in lower case
 * (RFC 8141 §3.1).
 *
 * @param value the normalized URI
 */
public record ResourceId(String value) {

    /** The largest number of {@code resource} values in one request, at every endpoint. */
    public static final int MOST = 10;

    private static final int LONGEST = 2048;
    private static final Pattern URN = Pattern.compile("(?i)urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[^\\s]+");

    /**
     * {@return the values of a request}
     *
     * @param sent the values of the request
     * @throws OAuthException {@code invalid_target} if there are more than {@link #MOST}
     */
    public static List<String> requireFew(List<String> sent) {
        if (sent.size() > MOST) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "Too many resource parameters");
        }
        return sent;
    }

    /**
     * Parses and normalizes an identifier.
     *
     * @param text the URI
     * @return the identifier
     * @throws OAuthException {@code invalid_target} if the text is not such a URI
     */
    public static ResourceId parse(String text) {
        if (text.length() > LONGEST) {
            throw invalid("a resource must have at most " + LONGEST + " characters");
        }
        try {
            URI uri = new URI(text);
            if (uri.getRawFragment() != null || text.indexOf('#') >= 0) {
                throw invalid("a resource must not have a fragment");
            }
            if (!uri.isAbsolute()) {
                throw invalid("a resource must be an absolute URI");
            }
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            return new ResourceId(scheme.equals("https") || scheme.equals("http") ? located(uri, scheme) : named(uri, scheme));
        } catch (URISyntaxException e) {
            throw invalid("a resource must be a URI");
        }
    }

    private static String located(URI uri, String scheme) {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw invalid("a resource must be an absolute URI with a host and without user information");
        }
        return scheme + "://" + authority(uri, scheme) + path(uri) + query(uri);
    }

    private static String named(URI uri, String scheme) {
        String text = uri.toString();
        if (!URN.matcher(text).matches()) {
            throw invalid("a resource must be an https URI, an http URI on loopback, or a URN");
        }
        int namespaceEnd = text.indexOf(':', scheme.length() + 1);
        return text.substring(0, namespaceEnd).toLowerCase(Locale.ROOT) + text.substring(namespaceEnd);
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

    /** {@return the same identifier with the final slash of the path added or removed} */
    public ResourceId withOtherEnding() {
        if (value.indexOf('?') >= 0 || !isUrl()) {
            return this;
        }
        return new ResourceId(value.endsWith("/") ? value.substring(0, value.length() - 1) : value + "/");
    }

    /** {@return whether it is a URL, so that the resource's metadata has an address (RFC 9728 §3.1)} */
    public boolean isUrl() {
        return value.startsWith("http://") || value.startsWith("https://");
    }

    /**
     * Replaces the loopback host by the loopback host of the request. Clients compare the identifier with the URL that the user
     * entered (RFC 9728 §3.3), and this machine has several names.
     *
     * @param host the request's host, an IPv6 literal in brackets; may be null
     * @return the identifier with the host of the request, or this one
     */
    public ResourceId asCalled(String host) {
        if (!isLoopback() || !Loopback.isLoopbackHost(host)) {
            return this;
        }
        URI uri = URI.create(value);
        return new ResourceId(value.replaceFirst(Pattern.quote(uri.getHost()), Matcher.quoteReplacement(host.toLowerCase(Locale.ROOT))));
    }

    /** {@return whether the host is a loopback address or {@code localhost}} */
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
