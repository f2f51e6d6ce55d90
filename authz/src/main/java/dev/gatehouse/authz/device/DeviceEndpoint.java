package dev.gatehouse.authz.device;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.device.DeviceStore.DeviceRequest;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;

/** {@code /oauth/device_authorization} (RFC 8628 §3.1): begins the authorization of a device without a browser. */
public final class DeviceEndpoint implements Endpoint {

    public static final String PATH = "/oauth/device_authorization";

    private static final int MOST_TRIES = 5;

    private final DeviceStore store;
    private final UserCodes codes;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;
    private final DeviceOptions options;
    private final ClientAuthenticator authenticator;
    private final Issuer issuer;
    private final RateLimiter limiter;
    private final Clock clock;

    public DeviceEndpoint(DeviceStore store, UserCodes codes, ResourcePolicy resources, ScopePolicy scopes, DeviceOptions options,
                          ClientAuthenticator authenticator, Issuer issuer, RateLimiter limiter, Clock clock) {
        this.store = store;
        this.codes = codes;
        this.resources = resources;
        this.scopes = scopes;
        this.options = options;
        this.authenticator = authenticator;
        this.issuer = issuer;
        this.limiter = limiter;
        this.clock = clock;
    }

    @Override
    public void mount(Routes routes) {
        Cors.allow(routes.served(), PATH, "POST");
        new FormRoute(routes, limiter, this::answer).mount(PATH);
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("device_authorization_endpoint", issuer.url(PATH));
    }

    private Future<Buffer> answer(FormCall call) {
        return authenticator.authenticate(call.client())
            .compose(client -> begin(client, call.form())
                .onSuccess(begun -> call.origin().record("device_authorization_begun", "client_id", client.id())))
            .map(JsonObject::toBuffer);
    }

    private Future<JsonObject> begin(Client client, FormParameters form) {
        requireGrant(client);
        List<String> targets = resources.resolve(form.all("resource"), client);
        Scopes requested = scopes.resolve(form.single("scope"), client, targets);
        if (requested.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "This client has no scope that it could be given here");
        }
        return store(client, requested, targets, MOST_TRIES);
    }

    private void requireGrant(Client client) {
        if (!client.grantTypes().contains(GrantType.DEVICE_CODE.wireName()) || !(client.isOperatorRegistered() || options.selfRegisteredClients())) {
            throw new OAuthException(OAuthErrorCode.UNAUTHORIZED_CLIENT, "The client is not registered for this grant type");
        }
    }

    /** Tries another user code if the generated one is in use. */
    private Future<JsonObject> store(Client client, Scopes requested, List<String> targets, int tries) {
        String deviceCode = TokenKind.DEVICE.generate();
        String userCode = codes.generate();
        DeviceRequest request = new DeviceRequest(SecretToken.hash(deviceCode), codes.hash(userCode), client.id(), requested, targets,
            options.intervalSeconds() * 1000, clock.millis() + options.lifetimeSeconds() * 1000);
        return store.begin(request).compose(stored -> {
            if (stored) {
                return Future.succeededFuture(response(deviceCode, userCode));
            }
            return tries > 1 ? store(client, requested, targets, tries - 1) : Future.failedFuture(new OAuthException(
                OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "No code is free at this moment"));
        });
    }

    /** The response of §3.2. */
    private JsonObject response(String deviceCode, String userCode) {
        String page = issuer.url(PagePaths.DEVICE);
        String shown = UserCodes.shown(userCode);
        return new JsonObject()
            .put("device_code", deviceCode)
            .put("user_code", shown)
            .put("verification_uri", page)
            .put("verification_uri_complete", page + "?user_code=" + shown)
            .put("expires_in", options.lifetimeSeconds())
            .put("interval", options.intervalSeconds());
    }

    /**
     * Devices without a browser (RFC 8628).
     *
     * @param enabled whether the device grant is on
     * @param lifetimeSeconds lifetime of a user code
     * @param intervalSeconds minimum interval between two polls
     * @param selfRegisteredClients whether clients that register or describe themselves may use it
     */
    public record DeviceOptions(boolean enabled, long lifetimeSeconds, long intervalSeconds, boolean selfRegisteredClients) {
    }
}
