package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.RefreshTokenStore;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.time.Clock;

/** {@code /oauth/revoke} (RFC 7009). Public clients name themselves, and so may end what they hold. */
public final class RevocationEndpoint implements Endpoint {

    public static final String PATH = "/oauth/revoke";

    private final PresentedTokens presented;
    private final AccessTokenStore accessTokens;
    private final RefreshTokenStore refreshTokens;
    private final TokenIndex index;
    private final Clock clock;
    private final ClientAuthenticator authenticator;
    private final RateLimiter limiter;
    private final String url;

    public RevocationEndpoint(PresentedTokens presented, AccessTokenStore accessTokens, RefreshTokenStore refreshTokens, TokenIndex index,
                              ClientAuthenticator authenticator, Issuer issuer, RateLimiter limiter, Clock clock) {
        this.presented = presented;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.index = index;
        this.clock = clock;
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
        metadata.put("revocation_endpoint", url);
        authenticator.describe("revocation_endpoint", true, metadata);
    }

    private Future<Buffer> answer(FormCall call) {
        return authenticator.authenticate(call.client())
            .compose(client -> revoke(call.form().required("token"), client, call.origin()))
            .map(done -> Buffer.buffer());
    }

    /**
     * Revokes an access token, or the whole grant of a refresh token. What is unknown, ended before or another client's
     * is left alone, and the answer does not tell (§2.2).
     */
    private Future<Void> revoke(String token, Client client, RequestOrigin origin) {
        if (TokenKind.REFRESH.matches(token)) {
            return revokeGrant(SecretToken.hash(token), client, origin);
        }
        return presented.hashOf(token)
            .compose(hash -> hash == null ? Future.succeededFuture() : revokeAccess(hash, client, origin));
    }

    private Future<Void> revokeAccess(String hash, Client client, RequestOrigin origin) {
        return accessTokens.revoke(hash, client.id(), clock.millis()).onSuccess(revoked -> {
            index.forget(InvalidationKind.TOKEN, hash);
            if (revoked) {
                origin.record("access_token_revoked", "client_id", client.id());
            }
        }).mapEmpty();
    }

    private Future<Void> revokeGrant(String hash, Client client, RequestOrigin origin) {
        return refreshTokens.revokeGrantOf(hash, client.id(), clock.millis())
            .onSuccess(revoked -> revoked.ifPresent(grantId -> {
                index.forget(InvalidationKind.GRANT, grantId);
                origin.record("grant_revoked", "client_id", client.id(), "grant_id", grantId);
            })).mapEmpty();
    }
}
