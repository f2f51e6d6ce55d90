package dev.gatehouse.shared.dpop;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Compares {@code htu} values (RFC 9449 §4.3): without query and fragment, normalized by RFC 3986 §6.2.2 and §6.2.3. */
final class RequestUrl {

    private RequestUrl() {
    }

    /** Returns whether two texts name the same URL. The first is the server's own; the second is untrusted. */
    static boolean same(String own, String claimed) {
        if (own.equals(claimed)) {
            return true;
        }
        String normal = normal(claimed);
        return normal != null && normal.equals(normal(own));
    }

    /** The normal form, or null if the text is not an http(s) URL. */
    private static String normal(String text) {
        try {
            URI uri = new URI(text).normalize();
            if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
                return null;
            }
            String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
            int usual = "https".equals(scheme) ? 443 : 80;
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + (uri.getPort() < 0 ? usual : uri.getPort()) + path;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
