package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.http.Routes;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** {@code /oauth/revoke} (RFC 7009). Public clients name themselves, and so may end what they hold. */
public final class RevocationEndpoint implements Endpoint {

    public static final String PATH = "/oauth/revoke";

    private final Revocation revocation;
    private final ClientAuthenticator authenticator;
    private final RateLimiter limiter;
    private final String url;

    public RevocationEndpoint(Revocation revocation, ClientAuthenticator authenticator, AuthzOptions options,
                              RateLimiter limiter) {
        this.revocation = revocation;
        this.authenticator = authenticator;
        this.limiter = limiter;
        this.url = options.url(PATH);
    }

    @Override
    public void mount(Routes routes) {
        Cors.allow(routes.served(), PATH, "POST");
        new FormRoute(routes, limiter, this::answer).mount(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("revocation_endpoint", url);
        authenticator.describe("revocation_endpoint", true, metadata);
    }

    private Future<Buffer> answer(FormCall call) {
        return authenticator.authenticate(call.client())
            .compose(client -> revocation.revoke(call.form().required("token"), client, call.origin()))
            .map(done -> Buffer.buffer());
    }
}
