package dev.gatehouse.authz.endpoint;

import dev.gatehouse.authz.clientauth.ClientAuthenticator;
import dev.gatehouse.authz.token.Revocation;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;

/** {@code /oauth/revoke} (RFC 7009). Public clients name themselves, and so may end what they hold. */
public final class RevocationEndpoint {

    public static final String PATH = "/oauth/revoke";

    private final Revocation revocation;
    private final ClientAuthenticator authenticator;

    public RevocationEndpoint(Revocation revocation, ClientAuthenticator authenticator) {
        this.revocation = revocation;
        this.authenticator = authenticator;
    }

    public void mount(Router router, ClientAddress addresses, RateLimiter limiter) {
        Cors.allow(router, PATH, "POST");
        new FormRoute(addresses, limiter, this::answer).mount(router, PATH);
    }

    private Future<Buffer> answer(FormCall call) {
        return authenticator.authenticate(call.headers(), call.form())
            .compose(client -> revocation.revoke(call.form().required("token"), client, call.origin()))
            .map(done -> Buffer.buffer());
    }
}
