package dev.gatehouse.authz.page;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;

import java.net.URI;

/** Reads forms that were posted, and refuses those that another site's page has sent. */
public final class FormGuard {

    private final String origin;
    private final boolean loopback;

    public FormGuard(AuthzOptions options) {
        URI issuer = URI.create(options.issuer());
        origin = issuer.getScheme() + "://" + issuer.getRawAuthority();
        loopback = Loopback.isLoopbackHost(issuer.getHost());
    }

    /** Reads a form of our own pages. Fails with {@link PageException} when another site's page has sent it. */
    public Future<FormParameters> readOwn(RoutingContext context) {
        if (!isOwn(context.request())) {
            return Future.failedFuture(PageException.forged());
        }
        return FormBody.read(context).map(body -> FormParameters.parseBody(context.request().headers(), body));
    }

    /** Throws {@link PageException} when another site's page has sent a form that was read already. */
    public void requireOwn(RoutingContext context) {
        if (!isOwn(context.request())) {
            throw PageException.forged();
        }
    }

    /**
     * Sec-Fetch-Site cannot be forged by a page and says most. Without it Origin does; with it Origin may be
     * {@code null}, which is what browsers send from pages whose Referrer-Policy is no-referrer, as ours is.
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

    /** A server on this machine answers to each of the machine's names, whichever of them the issuer is. */
    private static boolean isOwnLoopbackName(String sender, HostAndPort host) {
        return host != null && Loopback.isLoopbackHost(host.host()) && sender.equals("http://" + host);
    }

    /** Throws {@link PageException} unless the form carries the token that its page was given. */
    public static void requireToken(FormParameters form, String expected) {
        String sent = form.single("csrf");
        if (sent == null || !SecretToken.constantTimeEquals(expected, sent)) {
            throw PageException.forged();
        }
    }
}
