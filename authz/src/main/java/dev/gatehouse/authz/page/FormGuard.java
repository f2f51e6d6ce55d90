package dev.gatehouse.authz.page;

import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;

import java.net.URI;

/** Reads posted forms and rejects those that a page of another origin has sent (CSRF). */
public final class FormGuard {

    private final String origin;
    private final boolean loopback;

    public FormGuard(Issuer issuer) {
        URI url = URI.create(issuer.identifier());
        origin = url.getScheme() + "://" + url.getRawAuthority();
        loopback = Loopback.isLoopbackHost(url.getHost());
    }

    /** Reads a form of this server's pages. Fails with {@link PageException} if a page of another origin has sent it. */
    public Future<FormParameters> readOwn(RoutingContext context) {
        if (!isOwn(context.request())) {
            return Future.failedFuture(PageException.forged());
        }
        return FormBody.read(context).map(body -> FormParameters.parseBody(context.request().headers(), body));
    }

    /** @throws PageException if a page of another origin has sent the form */
    public void requireOwn(RoutingContext context) {
        if (!isOwn(context.request())) {
            throw PageException.forged();
        }
    }

    /**
     * A page cannot forge Sec-Fetch-Site, so it decides first. Without it Origin decides. With it Origin may be {@code null}: that
     * is what browsers send from pages with Referrer-Policy no-referrer, such as these.
     */
    private boolean isOwn(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String sender = request.getHeader("Origin");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        return sender == null || sender.equals(origin) || sender.equals("null") && site != null
            || loopback && isOwnLoopbackName(sender, request.authority());
    }

    /** A server on this machine answers to all loopback names, whichever one the issuer has. */
    private static boolean isOwnLoopbackName(String sender, HostAndPort host) {
        return host != null && Loopback.isLoopbackHost(host.host()) && sender.equals("http://" + host);
    }

    /** @throws PageException if the form does not contain this CSRF token */
    public static void requireToken(FormParameters form, String expected) {
        String sent = form.single("csrf");
        if (sent == null || !SecretToken.constantTimeEquals(expected, sent)) {
            throw PageException.forged();
        }
    }
}
