package dev.gatehouse.shared.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares spellings of a URL (RFC 3986 §6.2.3): an http(s) URL without a path has the path {@code /}. */
public final class UrlSpelling {

    private static final Pattern WITHOUT_PATH = Pattern.compile("((?i:https?)://[^/?#]+)([?#].*)?");

    private static final int HIGHEST_PORT = 65_535;

    private UrlSpelling() {
    }

    /**
     * {@return an http(s) URL with the path {@code /} added if it has no path; any other text unchanged}
     *
     * @param url the URL
     */
    public static String withPath(String url) {
        Matcher matcher = WITHOUT_PATH.matcher(url);
        return matcher.matches() ? matcher.group(1) + "/" + (matcher.group(2) == null ? "" : matcher.group(2)) : url;
    }

    /**
     * {@return whether a text is an http(s) URL with a host and without user information, query and fragment, as an issuer is (RFC 8414 §2)}
     *
     * @param text the text; may be null
     */
    public static boolean isServer(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null && uri.getPort() <= HIGHEST_PORT
                && uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * {@return whether two texts are equal, or differ only by the path {@code /}}
     *
     * @param first a URL
     * @param second another URL
     */
    public static boolean areSame(String first, String second) {
        return withPath(first).equals(withPath(second));
    }
}
