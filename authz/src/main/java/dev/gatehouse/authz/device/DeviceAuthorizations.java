package dev.gatehouse.authz.device;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.device.DeviceStore.DeviceRequest;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;

/** Lets devices ask to be approved (RFC 8628 §3.1). */
public final class DeviceAuthorizations {

    private static final int MOST_TRIES = 5;

    private final DeviceStore store;
    private final UserCodes codes;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;
    private final DeviceOptions options;
    private final String page;
    private final Clock clock;

    /** @param page the address at which people type their codes */
    public DeviceAuthorizations(DeviceStore store, UserCodes codes, ResourcePolicy resources, ScopePolicy scopes,
                                DeviceOptions options, String page, Clock clock) {
        this.store = store;
        this.codes = codes;
        this.resources = resources;
        this.scopes = scopes;
        this.options = options;
        this.page = page;
        this.clock = clock;
    }

    /**
     * Begins a request of a client that is known to be itself.
     *
     * @return the answer of §3.2; or what is wrong with the request
     */
    public Future<JsonObject> begin(Client client, FormParameters form) {
        return Future.succeededFuture(form).compose(sent -> {
            requireGrant(client);
            List<String> targets = resources.resolve(sent.all("resource"), client);
            Scopes asked = scopes.resolve(sent.single("scope"), client, targets);
            if (asked.isEmpty()) {
                throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "This client has no scope that it could be given here");
            }
            return store(client, asked, targets, MOST_TRIES);
        });
    }

    private void requireGrant(Client client) {
        if (!client.grantTypes().contains(DeviceStore.PLACE) || !(client.isOperatorRegistered() || options.selfRegisteredClients())) {
            throw new OAuthException(OAuthErrorCode.UNAUTHORIZED_CLIENT, "The client is not registered for this grant type");
        }
    }

    /** A user code that is in use is not given twice. */
    private Future<JsonObject> store(Client client, Scopes asked, List<String> targets, int tries) {
        String deviceCode = TokenKind.DEVICE.generate();
        String userCode = codes.generate();
        DeviceRequest request = new DeviceRequest(SecretToken.hash(deviceCode), codes.hash(userCode), client.id(), asked, targets,
            options.intervalSeconds() * 1000, clock.millis() + options.lifetimeSeconds() * 1000);
        return store.begin(request).compose(stored -> {
            if (stored) {
                return Future.succeededFuture(answer(deviceCode, userCode));
            }
            return tries > 1 ? store(client, asked, targets, tries - 1) : Future.failedFuture(new OAuthException(
                OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "No code is free at this moment"));
        });
    }

    private JsonObject answer(String deviceCode, String userCode) {
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
