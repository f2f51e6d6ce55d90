package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationException;
import dev.gatehouse.authz.authorize.AuthorizationResponse;
import dev.gatehouse.authz.page.Delivery;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PageModel.FormPostPage;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.authz.page.PageModel.MessagePage;
import dev.gatehouse.authz.page.PageModel.MessagePage.Mark;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.LastAnswer;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.http.RequestMetrics;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.sql.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** Turns failures into responses: a redirect to the client if its redirect URI is trusted, else a page. */
public final class FailurePages {

    private static final Logger LOG = LoggerFactory.getLogger(FailurePages.class);
    private static final String RETRY_SECONDS = "5";

    private final Pages pages;
    private final AuthorizationResponse responses;
    private final ConsentedRedirects known;
    private final ClientAddress addresses;

    public FailurePages(Pages pages, AuthorizationResponse responses, ConsentedRedirects known, ClientAddress addresses) {
        this.addresses = addresses;
        this.known = known;
        this.pages = pages;
        this.responses = responses;
    }

    /** Sends the error of a failed request. */
    public void answer(RoutingContext context, Future<Void> handling) {
        handling.recover(failure -> show(context, failure)).onFailure(failure -> {
            LOG.error("Request {} could not be answered", RequestId.of(context), failure);
            context.response().reset();
        });
    }

    private Future<Void> show(RoutingContext context, Throwable failure) {
        if (context.response().headWritten()) {
            return Future.failedFuture(failure);
        }
        RequestMetrics.error(context, failure instanceof OAuthException refusal ? refusal.code().wireName()
            : failure instanceof PageException ? "page" : OAuthErrorCode.SERVER_ERROR.wireName());
        RequestLog.fact(context, "error", failure instanceof OAuthException refusal ? refusal.code().wireName()
            : failure instanceof AuthorizationException refusal ? refusal.code().wireName() : null);
        RequestLog.reason(context, failure instanceof OAuthException refusal ? refusal.privateReason() : failure.getMessage());
        if (failure instanceof AuthorizationException refusal) {
            record(context, refusal.code(), refusal.getMessage());
            return refuse(context, refusal);
        }
        if (failure instanceof PageException refusal) {
            return show(context, refusal);
        }
        if (failure instanceof StoreUnavailableException || isOverload(failure)) {
            return busy(context);
        }
        if (failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.SLOW_DOWN) {
            return show(context, PageException.tooMany(Math.max(refusal.retryAfterSeconds(), 1)));
        }
        return failure instanceof OAuthException refusal ? invalid(context, refusal) : broken(context, failure);
    }

    /** A denial of the user is recorded as such where he denies. */
    private void record(RoutingContext context, OAuthErrorCode code, String reason) {
        if (code != OAuthErrorCode.ACCESS_DENIED) {
            RequestId.origin(context, addresses).record("request_refused", "path", context.request().path(), "error", code.wireName(), "reason", reason);
        }
    }

    private static boolean isOverload(Throwable failure) {
        return failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE;
    }

    private Future<Void> refuse(RoutingContext context, AuthorizationException refusal) {
        boolean denied = refusal.code() == OAuthErrorCode.ACCESS_DENIED;
        if (!refusal.redirect().isOutOfBand()) {
            return responses.error(refusal).compose(delivery -> isTrusted(context, refusal).compose(trusted -> trusted
                ? pages.deliver(context, delivery, refusal.redirect())
                : pages.send(context, 400, ReturnPage.of(refusal, delivery, RequestId.of(context)), refusal.redirect())));
        }
        return denied ? pages.send(context, 200, new MessagePage("Access denied", "The application got no access. You can close this page.", "",
                RequestId.of(context), Mark.DENIED))
            : message(context, 400, "The application's request was not valid",
                "Nothing was shared. Go back to the application. If you set it up yourself, the line below says what to correct.",
                refusal.getMessage());
    }

    /** A user who denies the request has confirmed the destination. Otherwise the redirect URI must be known. */
    private Future<Boolean> isTrusted(RoutingContext context, AuthorizationException refusal) {
        return refusal.redirect().isOperatorRegistered() || refusal.code() == OAuthErrorCode.ACCESS_DENIED ? Future.succeededFuture(true)
            : known.isKnown(context, refusal.reply());
    }

    private Future<Void> show(RoutingContext context, PageException refusal) {
        if (refusal.retryAfterSeconds() > 0) {
            context.response().putHeader("Retry-After", Long.toString(refusal.retryAfterSeconds()));
        }
        if (!context.request().isEnded()) {
            LastAnswer.on(context.request());
        }
        return message(context, refusal.status(), refusal.title(), refusal.advice(), "");
    }

    private Future<Void> invalid(RoutingContext context, OAuthException refusal) {
        LOG.info("Request {} rejected: {}", RequestId.of(context), refusal.privateReason());
        record(context, refusal.code(), refusal.privateReason());
        // Self-registered clients check this endpoint before they open a browser, to register again if the server has removed them.
        if (MediaTypes.isForProgram(context.request())) {
            return Pages.sendJson(context, 400, refusal);
        }
        return message(context, 400, "The application's request was not valid",
            "Nothing was shared. You were not sent back, because the address of the application could not be verified."
                + " If you set the application up yourself, the line below says what to correct.", refusal.description());
    }

    private Future<Void> busy(RoutingContext context) {
        context.response().putHeader("Retry-After", RETRY_SECONDS);
        return message(context, 503, "The server is busy", "Wait a few seconds, then reload this page.", "");
    }

    private Future<Void> broken(RoutingContext context, Throwable failure) {
        LOG.error("Request {} failed", RequestId.of(context), failure);
        return message(context, 500, "Internal error",
            "Nothing was shared. Go back to the application and connect again. If the error persists, give the operator"
                + " the request number below.", "");
    }

    private Future<Void> message(RoutingContext context, int status, String title, String advice, String detail) {
        return pages.send(context, status,
            new MessagePage(title, advice, detail, RequestId.of(context), Mark.STOP));
    }

    /**
     * Stops an invalid request of an unverified client before a redirect to its URI. The page shows the destination, and the user
     * may continue.
     *
     * @param detail the error of the request, for the developer of the application
     * @param destination the host and port of the redirect URI
     * @param address the redirect URI, with the error unless a form delivers it
     * @param fields the form fields; empty if the address contains the whole response
     * @param requestId the identifier of the request in the log
     */
    record ReturnPage(String title, String detail, String destination, String address, List<Field> fields, String requestId) {

        static ReturnPage of(AuthorizationException refusal, Delivery delivery, String requestId) {
            return new ReturnPage("This request is not valid", refusal.description(), refusal.redirect().destination(), delivery.address(),
                FormPostPage.fields(delivery), requestId);
        }
    }
}
