package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.RefreshTokenStore;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;

/** Ends tokens at the wish of the client that holds them (RFC 7009). */
public final class Revocation {

    private final PresentedTokens presented;
    private final AccessTokenStore accessTokens;
    private final RefreshTokenStore refreshTokens;
    private final TokenIndex index;
    private final Clock clock;

    public Revocation(PresentedTokens presented, AccessTokenStore accessTokens, RefreshTokenStore refreshTokens, TokenIndex index, Clock clock) {
        this.presented = presented;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.index = index;
        this.clock = clock;
    }

    /**
     * Revokes an access token, or the whole grant of a refresh token. What is unknown, ended before or another client's
     * is left alone, and the answer does not tell (§2.2).
     */
    public Future<Void> revoke(String token, Client client, RequestOrigin origin) {
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
