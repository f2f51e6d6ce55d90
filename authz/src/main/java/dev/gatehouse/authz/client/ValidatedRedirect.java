package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.Loopback;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A redirect URI that a client has registered. Only {@link RedirectUris} creates instances, after the comparison. */
public final class ValidatedRedirect {

    private final String uri;
    private final boolean operatorRegistered;

    ValidatedRedirect(String uri, boolean operatorRegistered) {
        this.uri = uri;
        this.operatorRegistered = operatorRegistered;
    }

    /** Returns the URI of the request. */
    public String uri() {
        return uri;
    }

    /**
     * Returns whether the operator registered the client. The address of any other client is its own claim, so the server
     * redirects a user there only after the user has decided (OAuth 2.1 §7.13.2).
     */
    public boolean isOperatorRegistered() {
        return operatorRegistered;
    }

    /** Returns whether a page shows the response to the user instead of a redirect. */
    public boolean isOutOfBand() {
        return uri.equals(RedirectUris.OUT_OF_BAND);
    }

    /** Returns whether the response goes to a program on the user's machine. */
    public boolean isLoopback() {
        return !isOutOfBand() && Loopback.isLoopbackHost(URI.create(uri).getHost());
    }

    /** Returns whether the response goes to a private-use scheme of an application on the user's machine (RFC 8252 §7.1). */
    public boolean isPrivateUse() {
        return !isOutOfBand() && !RedirectUris.WEB.contains(scheme());
    }

    /** Returns the scheme in lower case, without the colon. */
    public String scheme() {
        return URI.create(uri).getScheme().toLowerCase(Locale.ROOT);
    }

    /** Returns {@link RedirectUris#destination} of the URI. */
    public String destination() {
        return RedirectUris.destination(uri);
    }

    /** Returns the host of an http or https URI, as it was sent. */
    public String host() {
        return URI.create(uri).getHost();
    }

    /**
     * Returns the URI of the redirect: the query of the URI is kept, and the parameters of the response follow (RFC 6749 §4.1.2).
     *
     * @param answer the names and values in order; the values get percent-encoded
     */
    public String with(Map<String, String> answer) {
        StringBuilder url = new StringBuilder(uri);
        char separator = uri.indexOf('?') < 0 ? '?' : '&';
        for (Map.Entry<String, String> parameter : answer.entrySet()) {
            url.append(separator).append(parameter.getKey()).append('=').append(encode(parameter.getValue()));
            separator = '&';
        }
        return url.toString();
    }

    /** Encodes as a form does, but with %20 for a space: readers that decode percent escapes only get the same text. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return uri;
    }
}
