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
 * What a redirect URI may be and when a sent one is a registered one: byte by byte the same (RFC 9700 §2.1), but for
 * an empty path, which is the path {@code /} (RFC 3986 §6.2.3), and the port of a loopback URI, which a native application
 * cannot know beforehand (RFC 8252 §7.3).
 */
public final class RedirectUris {

    /** Shows the code to the person, who pastes it into the application. Not a URI that a browser is ever sent to. */
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

    /** Whether no application can be reached by this scheme, so that an operator cannot name it either. */
    public static boolean isDangerousScheme(String scheme) {
        return RedirectSchemes.isDangerous(scheme);
    }

    /**
     * Why a redirect URI cannot be registered, in words for the person who registers it; empty when it can.
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

    /** Why a redirect URI is fit for no client, whatever schemes the operator names; empty when it is fit for some. */
    private static Optional<String> refusalOfForm(String uri) {
        if (uri.equals(OUT_OF_BAND)) {
            return Optional.empty();
        }
        if (uri.isEmpty() || uri.length() > LONGEST) {
            return Optional.of("A redirect URI has between 1 and " + LONGEST + " characters.");
        }
        try {
            return Optional.ofNullable(refusal(new URI(uri), uri));
        } catch (URISyntaxException e) {
            return Optional.of("It is not a URI: " + e.getReason() + ". Spaces, backslashes and letters beyond ASCII have to be percent-encoded.");
        }
    }

    private static String refusal(URI uri, String text) {
        if (!uri.isAbsolute()) {
            return "It is not absolute: begin with https://, http://localhost/, http://127.0.0.1/ or the scheme of your application.";
        }
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            return "It holds characters beyond ASCII: percent-encode them.";
        }
        if (text.indexOf('#') >= 0) {
            return "It has a fragment (#), which a redirect URI may not have (RFC 6749 section 3.1.2).";
        }
        if (text.indexOf('*') >= 0) {
            return "It holds a wildcard (*): redirect URIs are compared exactly; register each one.";
        }
        if (uri.getRawQuery() != null && names(uri.getRawQuery()).stream().anyMatch(OURS::contains)) {
            return "Its query names a parameter that the answer uses itself: code, state, iss or error.";
        }
        return refusalOfScheme(uri, text);
    }

    private static String refusalOfScheme(URI uri, String text) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!WEB.contains(scheme)) {
            return RedirectSchemes.isDangerous(scheme) ? "The scheme " + VisibleText.name(scheme) + ": is not one that an application can be reached by."
                : RedirectSchemes.refusalOfKnown(uri).orElse(null);
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            return "It has no host, or a user name before the host.";
        }
        if (uri.getPort() > HIGHEST_PORT) {
            return "Its port is above " + HIGHEST_PORT + ".";
        }
        if (DOT_SEGMENT.matcher(text).matches()) {
            return "Its path has a segment of dots, which browsers would resolve to another path.";
        }
        if (scheme.equals("http") && !Loopback.isLoopbackHost(uri.getHost())) {
            return "Plain http is for this machine only (localhost, 127.0.0.1, [::1]): use https.";
        }
        return null;
    }

    private static List<String> names(String query) {
        return List.of(query.split("&")).stream().map(pair -> pair.split("=", 2)[0].toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * Where a redirect URI leads, as a person is to read it: host and port of a web address. In a scheme of an application's own
     * what stands in the place of a host is anything that somebody has made up, and so never shown without the scheme.
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
     * The sent redirect URI, when one of the registered is the same and it is fit to be one at all.
     *
     * @param vouchedFor whether the operator registered the client
     */
    public static Optional<ValidatedRedirect> match(List<String> registered, String sent, boolean vouchedFor) {
        boolean known = registered.stream().anyMatch(each -> matches(each, sent));
        return known && refusalOfForm(sent).isEmpty() ? Optional.of(new ValidatedRedirect(sent, vouchedFor)) : Optional.empty();
    }

    /** Whether two redirect URIs are the same, but for the port of a loopback one. */
    public static boolean matches(String registered, String sent) {
        return withoutLoopbackPort(registered).equals(withoutLoopbackPort(sent));
    }

    /** The redirect URI without its port, if it is a loopback one: people know an application by that, as its port differs each time. */
    public static String withoutLoopbackPort(String uri) {
        Matcher loopback = LOOPBACK.matcher(UrlSpelling.withPath(uri));
        boolean hasPort = loopback.matches() && loopback.group(2) != null && Integer.parseInt(loopback.group(2)) <= HIGHEST_PORT;
        return hasPort ? loopback.group(1) + loopback.group(3) : UrlSpelling.withPath(uri);
    }
}
