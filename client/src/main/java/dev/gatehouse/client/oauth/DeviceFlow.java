package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The device authorization grant (RFC 8628): a person enters a code in a browser elsewhere, and this client polls. */
final class DeviceFlow {

    static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final long INTERVAL_SECONDS = 5;
    private static final long LIFETIME_SECONDS = 600;

    private final Vertx vertx;
    private final HttpCaller http;
    private final UserInteraction interaction;

    DeviceFlow(Vertx vertx, HttpCaller http, UserInteraction interaction) {
        this.vertx = vertx;
        this.http = http;
        this.interaction = interaction;
    }

    Future<TokenSet> run(AuthorizationServer server, ClientAuthentication authentication, TokenRequests tokens, String resource,
                         Map<String, String> parameters, Instant now) {
        URI endpoint = server.endpoint("device_authorization_endpoint").orElseThrow(() -> OAuthFailure.protocol(
            "The authorization server " + server.name() + " has no device authorization endpoint."));
        HttpCall authenticated = authentication.authenticate(server, parameters, now);
        HttpCall call = new HttpCall(authenticated.method(), endpoint, authenticated.headers(), authenticated.body());
        return http.call(call).compose(answer -> {
            if (answer.status() != 200) {
                throw TokenRequests.refusal("The authorization server " + server.name() + " refused the device", answer);
            }
            JsonObject body = answer.json().orElseThrow(() -> OAuthFailure.protocol("The device authorization answer is not a JSON object."));
            return interaction.show(shown(server, resource, body)).compose(seen -> {
                long interval = Math.max(1, Members.number(body, "interval", INTERVAL_SECONDS));
                long polls = Members.number(body, "expires_in", LIFETIME_SECONDS) / interval;
                return poll(tokens, redemption(body, resource), interval, polls);
            });
        });
    }

    private static UserInteraction.DeviceCode shown(AuthorizationServer server, String resource, JsonObject body) {
        String userCode = Members.text(body, "user_code");
        String uri = Members.text(body, "verification_uri");
        if (userCode == null || uri == null || Members.text(body, "device_code") == null) {
            throw OAuthFailure.protocol("The device authorization answer lacks device_code, user_code or verification_uri.");
        }
        String complete = Members.text(body, "verification_uri_complete");
        return new UserInteraction.DeviceCode(server, resource, userCode, SecureUrl.require(uri, "The verification URI"),
            complete == null ? null : SecureUrl.require(complete, "The verification URI"), Members.number(body, "expires_in", LIFETIME_SECONDS));
    }

    private static Map<String, String> redemption(JsonObject body, String resource) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", GRANT);
        parameters.put("device_code", Members.text(body, "device_code"));
        if (resource != null) {
            parameters.put("resource", resource);
        }
        return parameters;
    }

    private Future<TokenSet> poll(TokenRequests tokens, Map<String, String> parameters, long intervalSeconds, long pollsLeft) {
        if (pollsLeft <= 0) {
            return Future.failedFuture(new OAuthFailure(OAuthFailure.Kind.REFUSED, "The code was not entered in time."));
        }
        return vertx.timer(intervalSeconds * 1_000).compose(waited -> tokens.request(parameters)).recover(failure -> {
            String error = failure instanceof OAuthFailure refusal ? refusal.error() : "";
            if (error.equals(OAuthErrorCode.AUTHORIZATION_PENDING.wireName())) {
                return poll(tokens, parameters, intervalSeconds, pollsLeft - 1);
            }
            // RFC 8628 §3.5: five seconds more from then on.
            return error.equals(OAuthErrorCode.POLLING_TOO_FAST.wireName()) ? poll(tokens, parameters, intervalSeconds + 5, pollsLeft - 1)
                : Future.failedFuture(failure);
        });
    }
}
