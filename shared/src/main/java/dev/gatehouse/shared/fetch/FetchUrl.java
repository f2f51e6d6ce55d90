package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.oauth.Loopback;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A URL whose form alone does not speak against fetching it: https, a name of the public DNS in plain spelling, no user
 * information, no fragment. Addresses instead of names are refused in every spelling that some resolver would take for
 * one (dotted, octal, hexadecimal, one number, shortened, IPv6), since nobody publishes documents at them.
 *
 * @param loopback whether it names this machine, which only {@link FetchOptions#loopbackAllowed} lets through
 * @param host lower case; an IPv6 literal of loopback in brackets
 * @param target path and query as sent to the server
 */
public record FetchUrl(boolean loopback, boolean tls, String host, int port, String target) {

    private static final int LONGEST = 2048;
    private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\"<>\\\\^`{|}]]+");
    private static final Pattern NAME = Pattern.compile("(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    /** Never in the public DNS (RFC 6761, RFC 6762, RFC 7686, RFC 8375, and ICANN's reservation of internal). */
    private static final Set<String> LOCAL = Set.of("localhost", "local", "internal", "arpa", "onion", "invalid");

    /**
     * Reads a URL that a stranger sent.
     *
     * @param loopbackAllowed whether URLs that name this machine do, with http as well
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
            throw FetchException.refused("The URL is too long, or has characters that no URL has");
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
        // The last label of a name begins with a letter, that of an address never does but in hexadecimal: 0x7f000001.
        if (!NAME.matcher(host).matches()) {
            throw FetchException.refused("The host is an address, or not a full name of the public DNS");
        }
        if (LOCAL.contains(host.substring(host.lastIndexOf('.') + 1))) {
            throw FetchException.refused("The host is a name for local use");
        }
    }

    /** Below 1024 only https's own: the others belong to services that should not be made to listen to us. */
    private static int port(URI uri, boolean tls, boolean loopback) {
        int port = uri.getPort() < 0 ? tls ? 443 : 80 : uri.getPort();
        if (port < 1 || port > 65_535 || port < 1024 && port != 443 && !loopback) {
            throw FetchException.refused("The port is not one of a web server");
        }
        return port;
    }

    private static String target(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
