package dev.gatehouse.authz.page;

import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;

import java.net.URI;
import java.time.Duration;

/**
 * The two cookies of a browser. One identifies the browser before any login; it only proves that a form comes back from the
 * browser that received it. The other one is the session and changes at each login.
 *
 * <p>With https both have the prefix {@code __Host-} and the attribute {@code Secure}. With http, which is allowed only on
 * loopback, they have neither: Safari and command-line clients drop {@code Secure} cookies of {@code http://localhost}. Cookies
 * ignore the port, so there the name contains the port, to separate servers on one machine. It also contains the issuer's path, to
 * separate issuers on one host.
 */
public final class BrowserCookies {

    private static final long BROWSER_SECONDS = Duration.ofDays(365).toSeconds();
    /** The path is not a secret; the hash only separates the few issuers of one host. */
    private static final int PATH_LENGTH = 8;
    /** A cookie of another length was not set by this server. */
    private static final int LENGTH = 43;

    private final Issuer issuer;
    private final String browserName;
    private final String sessionName;
    private final boolean secure;

    public BrowserCookies(Issuer issuer) {
        this.issuer = issuer;
        secure = issuer.isHttps();
        browserName = name("browser", issuer);
        sessionName = name("session", issuer);
    }

    private static String name(String use, Issuer issuer) {
        String name = issuer.isHttps() ? "__Host-gatehouse-" + use
            : "gatehouse-" + use + "-" + URI.create(issuer.identifier()).getPort();
        return issuer.basePath().isEmpty() ? name : name + "-" + SecretToken.hash(issuer.basePath()).substring(0, PATH_LENGTH);
    }

    /** The browser's identifier, or null. */
    public String browser(RoutingContext context) {
        return value(context, browserName);
    }

    /** The browser's identifier; sets a new one if there is none. */
    public String browserOrNew(RoutingContext context) {
        String known = browser(context);
        String given = context.get(browserName);
        if (known != null || given != null) {
            return known != null ? known : given;
        }
        String fresh = SecretToken.generate("");
        context.put(browserName, fresh);
        context.response().addCookie(cookie(browserName, fresh).setMaxAge(BROWSER_SECONDS));
        return fresh;
    }

    /** The session's identifier, or null. */
    public String session(RoutingContext context) {
        return value(context, sessionName);
    }

    public void setSession(RoutingContext context, String secret) {
        context.response().addCookie(cookie(sessionName, secret));
    }

    public void dropSession(RoutingContext context) {
        context.response().addCookie(cookie(sessionName, "").setMaxAge(0));
    }

    /** The value of a further cookie, or null. @param use names the cookie */
    public String named(RoutingContext context, String use) {
        Cookie cookie = context.request().getCookie(name(use, issuer));
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    /** Sets a further cookie. @param value characters of base64url and dots */
    public void setNamed(RoutingContext context, String use, String value, long seconds) {
        context.response().addCookie(cookie(name(use, issuer), value).setMaxAge(seconds));
    }

    public void dropNamed(RoutingContext context, String use) {
        setNamed(context, use, "", 0);
    }

    private static String value(RoutingContext context, String name) {
        Cookie cookie = context.request().getCookie(name);
        return cookie == null || cookie.getValue().length() != LENGTH ? null : cookie.getValue();
    }

    private Cookie cookie(String name, String value) {
        return Cookie.cookie(name, value).setPath("/").setHttpOnly(true).setSecure(secure).setSameSite(CookieSameSite.LAX);
    }
}
