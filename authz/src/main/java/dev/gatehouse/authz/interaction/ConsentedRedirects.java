package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.Reply;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * The addresses that a person of this browser has agreed to before. Errors of self-registered clients go there without a page
 * in between. The address counts, since clients of the field register anew and keep it. Consent of anybody else does not count:
 * a client's maker could give it and use this server as an open redirector (RFC 9700 §4.11.2).
 */
public final class ConsentedRedirects {

    private final ConsentStore consents;
    private final BrowserCookies cookies;

    public ConsentedRedirects(ConsentStore consents, BrowserCookies cookies) {
        this.consents = consents;
        this.cookies = cookies;
    }

    /** Whether a person who has logged in with this browser has a live grant whose code went to this address. */
    Future<Boolean> isKnown(RoutingContext context, Reply reply) {
        String browser = cookies.browser(context);
        return browser == null ? Future.succeededFuture(false)
            : consents.redirectsAgreedTo(SecretToken.hash(browser))
                .map(agreed -> agreed.stream().anyMatch(each -> RedirectUris.matches(each, reply.redirect().uri())));
    }
}
