package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.RefreshTokenStore.Rotation;
import dev.gatehouse.authz.token.RotationOutcome.Status;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.KeyedHash;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.Set;

/**
 * New tokens for a refresh token, which is spent by it (RFC 6749 §6, RFC 9700 §4.14.2). The successor is derived from the
 * token that it succeeds, so that a client whose answer was lost can ask again and get the same one, though the store
 * holds no token. Reuse at any other time ends the whole family, but for old copies in the hands of a proven holder.
 */
public final class RefreshTokenGrant implements Grant {

    /**
     * An installation that is in use refreshes within the life of an access token. A spent token that comes later is an old copy
     * of its file, where the holder is proven, and not the sign of a thief and an owner at work at once.
     */
    private static final long SHORTEST_OLD_COPY_SECONDS = 3_600;

    private final RefreshTokenStore tokens;
    private final TokenIndex index;
    private final KeyedHash successors;
    private final ScopeHierarchy hierarchy;
    private final ScopePolicy scopes;
    private final TokenOptions options;
    private final Clock clock;

    public RefreshTokenGrant(RefreshTokenStore tokens, TokenIndex index, MasterKey key, ScopeHierarchy hierarchy, ScopePolicy scopes,
                             TokenOptions options, Clock clock) {
        this.tokens = tokens;
        this.index = index;
        this.successors = key.keyedHash("refresh token successors");
        this.hierarchy = hierarchy;
        this.scopes = scopes;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public GrantType type() {
        return GrantType.REFRESH_TOKEN;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("refresh_token", "scope");
    }

    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        return Future.succeededFuture(request).compose(this::rotate);
    }

    private Future<TokenResponse> rotate(TokenRequest request) {
        String spent = request.parameters().required("refresh_token");
        String successor = TokenKind.REFRESH.derive(successors, spent);
        String access = TokenKind.ACCESS.generate();
        return tokens.rotate(rotation(request, spent, successor, access)).map(outcome -> {
            audit(request, outcome);
            requireRotated(outcome);
            return new TokenResponse(access, outcome.status() == Status.KEPT ? spent : successor, outcome.token());
        });
    }

    private Rotation rotation(TokenRequest request, String spent, String successor, String access) {
        FormParameters parameters = request.parameters();
        TokenOptions lifetimes = options.governedBy(request.client().policy());
        IssueRequest issue = new IssueRequest(SecretToken.hash(access), SecretToken.hash(successor), clock.millis(),
            lifetimes.accessTokenSeconds() * 1000, lifetimes.refreshTokenIdleSeconds() * 1000, request.confirmation(),
            request.client().isPublic(), scopes.limitsOf(request.client()));
        Scopes asked = Scopes.parse(parameters.single("scope")).without(ScopePolicy.OFFLINE_ACCESS);
        return new Rotation(SecretToken.hash(spent), request.client().id(), asked, hierarchy.expand(asked), request.resources(), issue,
            options.refreshGraceSeconds() * 1000, !request.client().isPublic(), request.client().policy().keepsRefreshToken(),
            Math.max(SHORTEST_OLD_COPY_SECONDS, lifetimes.accessTokenSeconds()) * 1000);
    }

    private void audit(TokenRequest request, RotationOutcome outcome) {
        String clientId = request.client().id();
        switch (outcome.status()) {
            case ROTATED, REPEATED, KEPT -> request.origin().record("token_issued", "grant_type", type().wireName(), "client_id", clientId,
                "sub", outcome.token().sub(), "grant_id", outcome.grantId(), "scope", outcome.token().scopes());
            case REUSED -> {
                index.forget(InvalidationKind.GRANT, outcome.grantId());
                request.origin().record("refresh_token_reused", "client_id", clientId, "grant_id", outcome.grantId());
            }
            default -> request.origin().record("refresh_token_refused", "client_id", clientId, "grant_id", outcome.grantId(),
                "reason", outcome.status());
        }
    }

    private static void requireRotated(RotationOutcome outcome) {
        switch (outcome.status()) {
            case ROTATED, REPEATED, KEPT -> { }
            case OLD_COPY -> throw new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "This copy of the refresh token was used long ago and is not valid any more", "refresh token " + outcome.status());
            case INVALID_SCOPE -> throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The scope goes beyond what was granted");
            case INVALID_TARGET -> throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "The refresh token was not granted for this resource");
            default -> throw new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "The refresh token is not valid for this client, or has expired, been used or been revoked",
                "refresh token " + outcome.status());
        }
    }
}
