package dev.gatehouse.shared.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Recognizes this machine: the loopback addresses of RFC 8252 §7.3 and the name {@code localhost}. */
public final class Loopback {

    private static final int LONGEST_URL = 256;
    private static final Pattern IPV4 = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private Loopback() {
    }

    /**
     * Returns whether a URI's host is loopback.
     *
     * @param host a host as {@link java.net.URI#getHost} gives it, an IPv6 literal in brackets; null is not loopback
     * @return whether the host is loopback
     */
    public static boolean isLoopbackHost(String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("[::1]") || IPV4.matcher(name).matches();
    }

    /**
     * {@return whether a text is a short http(s) URL of a loopback host without query, fragment and user information}
     *
     * @param text the text; may be null
     */
    public static boolean isLoopbackUrl(String text) {
        try {
            URI uri = new URI(text);
            return text.length() <= LONGEST_URL && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                && isLoopbackHost(uri.getHost()) && uri.getRawQuery() == null && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * Returns whether a peer's address is loopback, IPv4-mapped IPv6 included.
     *
     * @param address a numeric socket address, so a comparison of prefixes is enough
     * @return whether the address is loopback
     */
    public static boolean isLoopbackAddress(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1") || address.startsWith("::ffff:127.");
    }
}
