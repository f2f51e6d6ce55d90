package dev.gatehouse.authz.client;

import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.text.VisibleText;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules for redirect URIs. A redirect URI of a request must be equal to a registered one (RFC 9700 §2.1). There are two
 * exceptions: an empty path equals the path {@code /} (RFC 3986 §6.2.3), and the port of a loopback URI may differ, because
 * a native application does not know it at registration (RFC 8252 §7.3).
 */
public final class RedirectUris {

    /** Shows the code to the user, who copies it into the application. The browser is never redirected to this URI. */
    public static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";

    static final Set<String> WEB = Set.of("https", "http");
    private static final int LONGEST = 2000;
    private static final int HIGHEST_PORT = 65_535;
    private static final Set<String> OURS = Set.of("code", "state", "iss", "error", "error_description", "error_uri");
    private static final Pattern LOOPBACK =
        Pattern.compile("(http://(?:127\\.0\\.0\\.1|\\[::1]|localhost))(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i).*/(\\.|%2e){1,2}([/?].*|$)");

    private RedirectUris() {
    }

    /** Returns whether a scheme is never allowed, even if an operator names it. */
    public static boolean isDangerousScheme(String scheme) {
        return RedirectSchemes.isDangerous(scheme);
    }

    /**
     * Returns the reason why a redirect URI cannot be registered, for the developer of the client; empty if it can.
     *
     * @param ownSchemes schemes of applications that the operator names
     */
    public static Optional<String> refusal(String uri, Set<String> ownSchemes) {
        return refusalOfForm(uri).or(() -> uri.equals(OUT_OF_BAND) || isWeb(uri) ? Optional.empty()
            : RedirectSchemes.refusal(URI.create(uri), uri, ownSchemes));
    }

    private static boolean isWeb(String uri) {
        return WEB.contains(URI.create(uri).getScheme().toLowerCase(Locale.ROOT));
    }

    /** Returns the reason why a redirect URI is not valid for any client; empty if it is valid for some. */
    private static Optional<String> refusalOfForm(String uri) {
        if (uri.equals(OUT_OF_BAND)) {
            return Optional.empty();
        }
        if (uri.isEmpty() || uri.length() > LONGEST) {
            return Optional.of("A redirect URI must have 1 to " + LONGEST + " characters.");
        }
        try {
            return Optional.ofNullable(refusal(new URI(uri), uri));
        } catch (URISyntaxException e) {
            return Optional.of("It is not a URI: " + e.getReason() + ". Percent-encode spaces, backslashes and non-ASCII letters.");
        }
    }

    private static String refusal(URI uri, String text) {
        if (!uri.isAbsolute()) {
            return "It is not absolute: begin with https://, http://localhost/, http://127.0.0.1/ or the scheme of your application.";
        }
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            return "It contains non-ASCII characters: percent-encode them.";
        }
        if (text.indexOf('#') >= 0) {
            return "It has a fragment (#), which is not allowed in a redirect URI (RFC 6749 section 3.1.2).";
        }
        if (text.indexOf('*') >= 0) {
            return "It contains a wildcard (*). Redirect URIs are compared exactly: register each one.";
        }
        if (uri.getRawQuery() != null && names(uri.getRawQuery()).stream().anyMatch(OURS::contains)) {
            return "Its query contains a parameter of the authorization response: code, state, iss or error.";
        }
        return refusalOfScheme(uri, text);
    }

    private static String refusalOfScheme(URI uri, String text) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!WEB.contains(scheme)) {
            return RedirectSchemes.isDangerous(scheme) ? "The scheme " + VisibleText.name(scheme) + ": cannot open an application."
                : RedirectSchemes.refusalOfKnown(uri).orElse(null);
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            return "It has no host, or it has a user name before the host.";
        }
        if (uri.getPort() > HIGHEST_PORT) {
            return "Its port is above " + HIGHEST_PORT + ".";
        }
        if (DOT_SEGMENT.matcher(text).matches()) {
            return "Its path contains a dot segment, which browsers resolve to another path.";
        }
        if (scheme.equals("http") && !Loopback.isLoopbackHost(uri.getHost())) {
            return "Plain http is allowed only for loopback hosts (localhost, 127.0.0.1, [::1]): use https.";
        }
        return null;
    }

    private static List<String> names(String query) {
        return List.of(query.split("&")).stream().map(pair -> pair.split("=", 2)[0].toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Returns the destination of a redirect URI for users: host and port of an http or https URI. In any other scheme the text in the
     * place of the host has no fixed meaning, so the scheme is always shown with it.
     */
    public static String destination(String uri) {
        URI parsed = URI.create(uri);
        String scheme = parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!WEB.contains(scheme)) {
            return parsed.getRawAuthority() == null ? scheme + ":" : scheme + "://" + parsed.getRawAuthority();
        }
        return parsed.getPort() < 0 ? parsed.getHost() : parsed.getHost() + ":" + parsed.getPort();
    }

    /**
     * Returns the sent redirect URI if it matches a registered one and its form is valid.
     *
     * @param operatorRegistered whether the operator registered the client
     */
    public static Optional<ValidatedRedirect> match(List<String> registered, String sent, boolean operatorRegistered) {
        boolean known = registered.stream().anyMatch(each -> matches(each, sent));
        return known && refusalOfForm(sent).isEmpty() ? Optional.of(new ValidatedRedirect(sent, operatorRegistered)) : Optional.empty();
    }

    /** Returns whether two redirect URIs are equal, except for the port of a loopback URI. */
    public static boolean matches(String registered, String sent) {
        return withoutLoopbackPort(registered).equals(withoutLoopbackPort(sent));
    }

    /** Returns a loopback redirect URI without its port, which differs at each start of the application; other URIs unchanged. */
    public static String withoutLoopbackPort(String uri) {
        Matcher loopback = LOOPBACK.matcher(UrlSpelling.withPath(uri));
        boolean hasPort = loopback.matches() && loopback.group(2) != null && Integer.parseInt(loopback.group(2)) <= HIGHEST_PORT;
        return hasPort ? loopback.group(1) + loopback.group(3) : UrlSpelling.withPath(uri);
    }
}
