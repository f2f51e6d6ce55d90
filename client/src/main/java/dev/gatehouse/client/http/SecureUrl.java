package dev.gatehouse.client.http;

import dev.gatehouse.shared.oauth.Loopback;

import java.net.URI;
import java.net.URISyntaxException;

/** URLs that credentials and authorization messages may be sent to: https, or http on this machine (OAuth 2.1 §1.5). */
public final class SecureUrl {

    private SecureUrl() {
    }

    /**
     * Returns the parsed URL.
     *
     * @param what names the URL in the message of the failure
     * @throws CallException when it is not https or loopback http, or has user information or a fragment
     */
    public static URI require(String text, String what) {
        URI url = requirePage(text, what);
        if (url.getRawFragment() != null) {
            throw new CallException(what + " has a fragment: " + text);
        }
        return url;
    }

    /**
     * Returns the parsed URL, which may have a fragment, because a browser opens it.
     *
     * @throws CallException when it is not https or loopback http, or has user information
     */
    public static URI requirePage(String text, String what) {
        URI url = parse(text, what);
        if (url.getRawUserInfo() != null) {
            throw new CallException(what + " has user information: " + text);
        }
        if (!url.getScheme().equals("https") && !isLoopback(url)) {
            throw new CallException(what + " must be https, or http on this machine: " + text);
        }
        return url;
    }

    /**
     * Returns the parsed URL, which may be http of any host.
     *
     * @throws CallException when it is not an http or https URL with a host
     */
    public static URI parse(String text, String what) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new CallException(what + " is not a URL: " + text);
        }
        throw new CallException(what + " is not an http or https URL: " + text);
    }

    public static boolean isLoopback(URI url) {
        return Loopback.isLoopbackHost(url.getHost());
    }

    /** Scheme, host and port, as in {@code https://example.com:8443}; a default port is omitted. */
    public static String origin(URI url) {
        boolean defaultPort = url.getPort() < 0 || url.getPort() == ("https".equals(url.getScheme()) ? 443 : 80);
        return url.getScheme() + "://" + url.getHost() + (defaultPort ? "" : ":" + url.getPort());
    }
}
