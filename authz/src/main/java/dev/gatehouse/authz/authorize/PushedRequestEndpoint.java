package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.dpop.DpopCheck;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** {@code /oauth/par} (RFC 9126): accepts authorization requests from clients; the browser then carries only a reference. */
public final class PushedRequestEndpoint implements Endpoint {

    public static final String PATH = "/oauth/par";

    private final PushedRequests requests;
    private final ClientAuthenticator authenticator;
    private final DpopCheck proofs;
    private final Issuer issuer;
    private final RateLimiter limiter;

    public PushedRequestEndpoint(PushedRequests requests, ClientAuthenticator authenticator, DpopCheck proofs, Issuer issuer,
                                 RateLimiter limiter) {
        this.requests = requests;
        this.authenticator = authenticator;
        this.proofs = proofs;
        this.issuer = issuer;
        this.limiter = limiter;
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("pushed_authorization_request_endpoint", issuer.url(PATH))
            .put("require_pushed_authorization_requests", requests.areRequired());
    }

    @Override
    public void mount(Routes routes) {
        Cors.allow(routes.served(), PATH, "POST");
        new FormRoute(routes, limiter, 201, this::answer).mount(PATH);
    }

    private Future<Buffer> answer(FormCall call) {
        return authenticator.authenticate(call.client())
            .compose(client -> proofs.thumbprint(call).compose(thumbprint -> requests.push(client.id(), call.form(), thumbprint)))
            .map(uri -> new JsonObject().put("request_uri", uri).put("expires_in", requests.lifetimeSeconds()).toBuffer());
    }
}
