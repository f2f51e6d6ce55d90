package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.PresentedToken.AuthScheme;
import dev.gatehouse.shared.dpop.DpopNonces;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.http.TokenHash;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.impl.UserContextInternal;

/**
 * Passes only requests with a valid access token, of any method, before their body is read. The caller is then the {@code user()} of the
 * routing context. Before the transports, a request whose token had to be introspected continues paused; before other routes it flows, as
 * behind every other handler of vertx-web.
 */
public final class BearerHandler implements AuthenticationHandler {

    private static final String CREDENTIAL = BearerHandler.class.getName();

    private final TokenValidator validator;
    private final DpopGuard dpop;
    private final CertificateGuard certificates;
    private final BearerRefusals refusals;
    private final boolean resuming;

    /** A token and what is known of it, kept for as long as its request lives. */
    record Credential(PresentedToken presented, VerifiedToken verified) {
    }

    /**
     * Creates the handler before the transports.
     *
     * @param validator validates tokens
     * @param dpop checks proofs
     * @param resource the protected resource
     */
    public BearerHandler(TokenValidator validator, DpopGuard dpop, ProtectedResource resource) {
        this(validator, dpop, ClientCertificates.none(), resource, ExampleClient.PLACEHOLDER);
    }

    /**
     * Creates the handler before the transports.
     *
     * @param validator validates tokens
     * @param dpop checks proofs
     * @param certificates the certificates of clients
     * @param resource the protected resource
     * @param example the client that the page of the endpoint names
     */
    public BearerHandler(TokenValidator validator, DpopGuard dpop, ClientCertificates certificates, ProtectedResource resource, ExampleClient example) {
        this(validator, dpop, new CertificateGuard(certificates), new BearerRefusals(resource, example), false);
    }

    private BearerHandler(TokenValidator validator, DpopGuard dpop, CertificateGuard certificates, BearerRefusals refusals, boolean resuming) {
        this.validator = validator;
        this.dpop = dpop;
        this.certificates = certificates;
        this.refusals = refusals;
        this.resuming = resuming;
    }

    /** {@return the same handler for routes that do not resume a paused request} */
    public BearerHandler forOtherRoutes() {
        return new BearerHandler(validator, dpop, certificates, refusals, true);
    }

    /** The credential of a request that this handler let pass. */
    static Credential credential(RoutingContext context) {
        return context.get(CREDENTIAL);
    }

    @Override
    public void handle(RoutingContext context) {
        try {
            PresentedToken token = PresentedToken.of(context.request());
            if (token == null) {
                refusals.unauthenticated(context, dpop.schemes());
            } else {
                authenticate(context, token);
            }
        } catch (OAuthException invalidRequest) {
            refusals.refused(context, invalidRequest);
        }
    }

    private void authenticate(RoutingContext context, PresentedToken token) {
        if (token.scheme() == AuthScheme.DPOP && dpop.tellsNonces()) {
            context.response().putHeader(DpopNonces.HEADER, dpop.nonce());
        }
        Future<VerifiedToken> verifying = validator.find(token.text(), text -> TokenHash.of(context, text))
            .compose(verified -> dpop.check(context, token, certificates.check(context.request(), verified)));
        if (verifying.succeeded()) {
            pass(context, token, verifying.result());
            return;
        }
        context.request().pause();
        verifying.onSuccess(verified -> {
                pass(context, token, verified);
                if (resuming) {
                    // Behind the next handler, which has had its chance to read the body.
                    context.request().resume();
                }
            })
            .onFailure(failure -> refuse(context, token, failure));
    }

    private static void pass(RoutingContext context, PresentedToken token, VerifiedToken verified) {
        context.put(CREDENTIAL, new Credential(token, verified));
        ((UserContextInternal) context.userContext()).setUser(verified.user());
        context.next();
    }

    private void unproved(RoutingContext context, OAuthException refusal) {
        if (refusal.code() == OAuthErrorCode.USE_DPOP_NONCE) {
            context.response().putHeader(DpopNonces.HEADER, dpop.nonce());
        }
        refusals.unproved(context, refusal);
    }

    /** The rest of the request is let run out, so that the connection can serve another. */
    private void refuse(RoutingContext context, PresentedToken token, Throwable failure) {
        context.request().resume();
        if (failure instanceof InvalidTokenException invalid) {
            refusals.invalidToken(context, token.scheme(), invalid);
        } else if (failure instanceof OAuthException unproved) {
            unproved(context, unproved);
        } else if (failure instanceof AuthServerUnavailableException unavailable) {
            refusals.unavailable(context, unavailable);
        } else {
            context.fail(failure);
        }
    }
}
