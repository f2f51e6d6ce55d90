package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.oauth.Loopback;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A URL that is allowed by its form: https, a name of the public DNS, no user information, no fragment. IP addresses are
 * rejected in every spelling that a resolver could accept (dotted, octal, hexadecimal, decimal, shortened, IPv6).
 *
 * @param loopback whether it names this machine; allowed only by {@link FetchOptions#loopbackAllowed}
 * @param tls whether the scheme is https
 * @param host in lower case; an IPv6 loopback literal in brackets
 * @param port the port of the URL, or the default port of its scheme
 * @param target the path and query that are sent to the server
 */
public record FetchUrl(boolean loopback, boolean tls, String host, int port, String target) {

    private static final int LONGEST = 2048;
    private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\"<>\\\\^`{|}]]+");
    private static final Pattern NAME = Pattern.compile("(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    /** Top-level names that are never in the public DNS (RFC 6761, RFC 6762, RFC 7686, RFC 8375, and ICANN's reservation of internal). */
    private static final Set<String> LOCAL = Set.of("localhost", "local", "internal", "arpa", "onion", "invalid");

    /**
     * Parses an untrusted URL.
     *
     * @param url the URL as text
     * @param loopbackAllowed whether URLs of this machine are allowed, with http too
     * @return the URL
     * @throws FetchException {@link FetchException.Reason#REFUSED}
     */
    public static FetchUrl parse(String url, boolean loopbackAllowed) {
        URI uri = uri(url);
        boolean tls = "https".equals(uri.getScheme());
        if (!tls && !(loopbackAllowed && "http".equals(uri.getScheme()))) {
            throw FetchException.refused("Only https URLs are fetched");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw FetchException.refused("The URL has no host, or has user information or a fragment");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean loopback = loopbackAllowed && Loopback.isLoopbackHost(host);
        if (!loopback) {
            requirePublicName(tls, host);
        }
        return new FetchUrl(loopback, tls, host, port(uri, tls, loopback), target(uri));
    }

    private static URI uri(String url) {
        if (url.length() > LONGEST || !PLAIN.matcher(url).matches()) {
            throw FetchException.refused("The URL is too long or has characters that are not allowed in a URL");
        }
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw FetchException.refused("It is not a URL: " + e.getReason());
        }
    }

    private static void requirePublicName(boolean tls, String host) {
        if (!tls) {
            throw FetchException.refused("Only https URLs are fetched");
        }
        // The last label of a name begins with a letter. The last label of an address does not, except in hexadecimal: 0x7f000001.
        if (!NAME.matcher(host).matches()) {
            throw FetchException.refused("The host is an IP address or not a fully qualified name of the public DNS");
        }
        if (LOCAL.contains(host.substring(host.lastIndexOf('.') + 1))) {
            throw FetchException.refused("The host is a name for local use");
        }
    }

    /** Below 1024 only 443 is allowed, so that this server cannot be made to send requests to other well-known services. */
    private static int port(URI uri, boolean tls, boolean loopback) {
        int port = uri.getPort() < 0 ? tls ? 443 : 80 : uri.getPort();
        if (port < 1 || port > 65_535 || port < 1024 && port != 443 && !loopback) {
            throw FetchException.refused("The port is not allowed");
        }
        return port;
    }

    private static String target(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
