package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationResponse.Reply;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * The redirect URIs that a user of this browser has consented to before. Errors of self-registered clients go there without a page
 * in between. The key is the redirect URI, because clients often register again and keep it. Consents in other browsers do not
 * count: an attacker could consent to a malicious client and use this server as an open redirector (RFC 9700 §4.11.2).
 */
public final class ConsentedRedirects {

    private final ConsentStore consents;
    private final BrowserCookies cookies;

    public ConsentedRedirects(ConsentStore consents, BrowserCookies cookies) {
        this.consents = consents;
        this.cookies = cookies;
    }

    /** Returns whether a user who has logged in with this browser has an active grant for this redirect URI. */
    Future<Boolean> isKnown(RoutingContext context, Reply reply) {
        String browser = cookies.browser(context);
        return browser == null ? Future.succeededFuture(false)
            : consents.redirectsAgreedTo(SecretToken.hash(browser))
                .map(agreed -> agreed.stream().anyMatch(each -> RedirectUris.matches(each, reply.redirect().uri())));
    }
}
