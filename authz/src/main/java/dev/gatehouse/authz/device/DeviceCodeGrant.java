package dev.gatehouse.authz.device;

import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.device.DeviceRules.Poll;
import dev.gatehouse.authz.device.DeviceRules.Reason;
import dev.gatehouse.authz.device.DeviceRules.Redeemed;
import dev.gatehouse.authz.device.DeviceRules.Refused;
import dev.gatehouse.authz.device.DeviceRules.Waiting;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.util.Set;

/** Issues tokens to a device after a user has approved it on another device (RFC 8628 §3.4). Until then the device polls. */
public final class DeviceCodeGrant implements Grant {

    private final TokenIssuer issuer;
    private final DeviceStore devices;

    public DeviceCodeGrant(TokenIssuer issuer, DeviceStore devices) {
        this.issuer = issuer;
        this.devices = devices;
    }

    @Override
    public GrantType type() {
        return GrantType.DEVICE_CODE;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("device_code");
    }

    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        return Future.succeededFuture(request).map(this::poll).compose(poll -> devices.poll(poll)
            .compose(outcome -> outcome instanceof Redeemed redeemed ? issuer.answer(request, poll.issue(), redeemed.token())
                : Future.failedFuture(outcome instanceof Waiting waiting ? waiting(waiting) : refusal(request, ((Refused) outcome).reason()))));
    }

    private Poll poll(TokenRequest request) {
        return new Poll(SecretToken.hash(request.parameters().required("device_code")), request.client().id(), request.resources(),
            issuer.prepare(request));
    }

    private static OAuthException waiting(Waiting waiting) {
        return waiting.tooFast()
            ? new OAuthException(OAuthErrorCode.POLLING_TOO_FAST, "Wait five seconds longer between two polls from now on")
            : new OAuthException(OAuthErrorCode.AUTHORIZATION_PENDING, "The person has not decided yet");
    }

    private static OAuthException refusal(TokenRequest request, Reason reason) {
        request.origin().record("device_code_refused", "client_id", request.client().id(), "reason", reason);
        return switch (reason) {
            case DENIED -> new OAuthException(OAuthErrorCode.ACCESS_DENIED, "The person refused the request");
            case EXPIRED -> new OAuthException(OAuthErrorCode.EXPIRED_TOKEN, "The device_code has expired; start again");
            case INVALID_TARGET -> new OAuthException(OAuthErrorCode.INVALID_TARGET, "The device was not approved for this resource");
            case UNKNOWN, OTHER_CLIENT, SPENT, USER_DISABLED -> new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "The device_code is not valid for this client, or has been used", "device code " + reason);
        };
    }
}
