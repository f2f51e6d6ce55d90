package dev.gatehouse.authz.device;

import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.device.DeviceOutcome.Status;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.authz.token.TokenOptions;
import dev.gatehouse.authz.token.TokenRequest;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.Set;

/** Tokens for a device, once a person has approved it elsewhere (RFC 8628 §3.4). Until then the device asks again and again. */
public final class DeviceCodeGrant implements Grant {

    private final DeviceStore devices;
    private final ScopePolicy scopes;
    private final TokenOptions options;
    private final Clock clock;

    public DeviceCodeGrant(DeviceStore devices, ScopePolicy scopes, TokenOptions options, Clock clock) {
        this.devices = devices;
        this.scopes = scopes;
        this.options = options;
        this.clock = clock;
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
        String access = TokenKind.ACCESS.generate();
        String refresh = GrantType.REFRESH_TOKEN.isOf(request.client()) ? TokenKind.REFRESH.generate() : null;
        return Future.succeededFuture(request)
            .compose(asked -> devices.poll(SecretToken.hash(asked.parameters().required("device_code")), asked.client().id(),
                asked.resources(), tokens(asked, access, refresh)))
            .map(outcome -> {
                audit(request, outcome);
                requireRedeemed(outcome.status());
                return new TokenResponse(access, refresh, outcome.token());
            });
    }

    private IssueRequest tokens(TokenRequest request, String access, String refresh) {
        TokenOptions lifetimes = options.governedBy(request.client().policy());
        return new IssueRequest(SecretToken.hash(access), refresh == null ? null : SecretToken.hash(refresh), clock.millis(),
            lifetimes.accessTokenSeconds() * 1000, lifetimes.refreshTokenIdleSeconds() * 1000, request.confirmation(),
            request.client().isPublic(), scopes.limitsOf(request.client()));
    }

    private void audit(TokenRequest request, DeviceOutcome outcome) {
        String clientId = request.client().id();
        switch (outcome.status()) {
            case PENDING, TOO_FAST -> { }
            case REDEEMED -> request.origin().record("token_issued", "grant_type", type().wireName(), "client_id", clientId,
                "sub", outcome.token().sub(), "grant_id", outcome.grantId(), "scope", outcome.token().scopes());
            default -> request.origin().record("device_code_refused", "client_id", clientId, "reason", outcome.status());
        }
    }

    private static void requireRedeemed(Status status) {
        switch (status) {
            case REDEEMED -> { }
            case PENDING -> throw new OAuthException(OAuthErrorCode.AUTHORIZATION_PENDING, "The person has not decided yet");
            case TOO_FAST -> throw new OAuthException(OAuthErrorCode.POLLING_TOO_FAST,
                "Wait five seconds longer between two polls from now on");
            case DENIED -> throw new OAuthException(OAuthErrorCode.ACCESS_DENIED, "The person refused the request");
            case EXPIRED -> throw new OAuthException(OAuthErrorCode.EXPIRED_TOKEN, "The device_code has expired; begin anew");
            case INVALID_TARGET -> throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "The device was not approved for this resource");
            default -> throw new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "The device_code is not valid for this client, or has been used", "device code " + status);
        }
    }
}
