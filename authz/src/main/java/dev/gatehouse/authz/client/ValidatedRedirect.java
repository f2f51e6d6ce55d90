package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.Loopback;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A redirect URI that a client has registered. Only {@link RedirectUris} makes one, so holding one is proof. */
public final class ValidatedRedirect {

    private final String uri;
    private final boolean vouchedFor;

    ValidatedRedirect(String uri, boolean vouchedFor) {
        this.uri = uri;
        this.vouchedFor = vouchedFor;
    }

    /** As the client sent it. */
    public String uri() {
        return uri;
    }

    /**
     * Whether the operator registered the client. The address of any other client is only what that client says of
     * itself, and nobody is sent there who has not decided something first (OAuth 2.1 §7.13.2).
     */
    public boolean isOperatorRegistered() {
        return vouchedFor;
    }

    /** Whether the answer is shown to the person instead of sent to an address. */
    public boolean isOutOfBand() {
        return uri.equals(RedirectUris.OUT_OF_BAND);
    }

    /** Whether the answer goes to a program on the person's own machine. */
    public boolean isLoopback() {
        return !isOutOfBand() && Loopback.isLoopbackHost(URI.create(uri).getHost());
    }

    /** Whether the answer goes to a scheme that an application has claimed on the person's machine (RFC 8252 §7.1). */
    public boolean isPrivateUse() {
        return !isOutOfBand() && !RedirectUris.WEB.contains(scheme());
    }

    /** In lower case, without the colon. */
    public String scheme() {
        return URI.create(uri).getScheme().toLowerCase(Locale.ROOT);
    }

    /** As {@link RedirectUris#destination}. */
    public String destination() {
        return RedirectUris.destination(uri);
    }

    /** The host of a web address or of one on the person's own machine, as it was sent. */
    public String host() {
        return URI.create(uri).getHost();
    }

    /**
     * The address to send the browser to: its own query is kept and the answer's parameters follow (RFC 6749 §4.1.2).
     *
     * @param answer names and values in order; each value comes out percent-encoded, so that it arrives unchanged
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

    /** Form encoding, but with %20 for a space: readers that undo only percent escapes get the same text too. */
    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return uri;
    }
}
