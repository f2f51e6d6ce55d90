package dev.gatehouse.shared.oauth;

import java.net.URI;

/**
 * The issuer identifier of an authorization server (RFC 8414 §2): the URL below which all its endpoints are.
 *
 * @param identifier as in the {@code iss} of tokens and responses
 */
public record Issuer(String identifier) {

    /** {@return whether browsers and clients reach the server by https, perhaps through a proxy} */
    public boolean isHttps() {
        return identifier.startsWith("https://");
    }

    /** {@return the path that precedes every path of the server: empty, or a slash and segments without a final slash} */
    public String basePath() {
        return withoutFinalSlash(URI.create(identifier).getRawPath());
    }

    /**
     * {@return the absolute URL of an endpoint}
     *
     * @param path such as {@code /oauth/token}
     */
    public String url(String path) {
        return withoutFinalSlash(identifier) + path;
    }

    /**
     * {@return the absolute URL of a request}
     *
     * @param path the path of the request; a proxy may have removed the path of the issuer
     */
    public String urlOf(String path) {
        String base = basePath();
        return url(!base.isEmpty() && path.startsWith(base + "/") ? path.substring(base.length()) : path);
    }

    private static String withoutFinalSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public String toString() {
        return identifier;
    }
}
