package dev.gatehouse.authz.device;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.http.Routes;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** {@code /oauth/device_authorization} (RFC 8628 §3.1): where devices without a browser ask to be approved. */
public final class DeviceEndpoint implements Endpoint {

    public static final String PATH = "/oauth/device_authorization";

    private final DeviceAuthorizations authorizations;
    private final ClientAuthenticator authenticator;
    private final RateLimiter limiter;
    private final String url;

    public DeviceEndpoint(DeviceAuthorizations authorizations, ClientAuthenticator authenticator, Issuer issuer,
                          RateLimiter limiter) {
        this.authorizations = authorizations;
        this.authenticator = authenticator;
        this.limiter = limiter;
        this.url = issuer.url(PATH);
    }

    @Override
    public void mount(Routes routes) {
        Cors.allow(routes.served(), PATH, "POST");
        new FormRoute(routes, limiter, this::answer).mount(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("device_authorization_endpoint", url);
    }

    private Future<Buffer> answer(FormCall call) {
        return authenticator.authenticate(call.client())
            .compose(client -> authorizations.begin(client, call.form()).onSuccess(begun -> audit(call, client)))
            .map(JsonObject::toBuffer);
    }

    private static void audit(FormCall call, Client client) {
        call.origin().record("device_authorization_begun", "client_id", client.id());
    }
}
