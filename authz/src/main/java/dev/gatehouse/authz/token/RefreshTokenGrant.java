package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.RefreshRules.Attempt;
import dev.gatehouse.authz.token.RefreshRules.Reason;
import dev.gatehouse.authz.token.RefreshRules.Refreshed;
import dev.gatehouse.authz.token.RefreshRules.Refused;
import dev.gatehouse.authz.token.RefreshRules.Rotation;
import dev.gatehouse.authz.token.TokenIssuer.TokenOptions;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.util.Set;
import java.util.function.Function;

/**
 * Spends a refresh token for new tokens (RFC 6749 §6, RFC 9700 §4.14.2). The successor is derived from the spent token, so a client
 * that lost a response can ask again and gets the same successor, although the store holds no token text. Any other reuse revokes
 * the grant, except for old copies that a proven holder presents.
 */
public final class RefreshTokenGrant implements Grant {

    /**
     * An installation in use refreshes within the lifetime of an access token. If a proven holder presents a spent token later than
     * that, it is an old copy of its file, and not the sign of a thief and an owner at work together.
     */
    private static final long SHORTEST_OLD_COPY_MILLIS = 3_600_000;

    private final TokenIssuer issuer;
    private final RefreshTokenStore tokens;
    private final TokenIndex index;
    private final KeyedHash successors;
    private final ScopeHierarchy hierarchy;
    private final long graceMillis;
    private final Function<String, Future<Void>> userCheck;

    /** @param userCheck takes the hash of a refresh token, and fails with an {@link OAuthException} if its user has no access any more */
    public RefreshTokenGrant(TokenIssuer issuer, RefreshTokenStore tokens, TokenIndex index, MasterKey key, ScopeHierarchy hierarchy,
                             TokenOptions options, Function<String, Future<Void>> userCheck) {
        this.userCheck = userCheck;
        this.issuer = issuer;
        this.tokens = tokens;
        this.index = index;
        this.successors = key.keyedHash("refresh token successors");
        this.hierarchy = hierarchy;
        this.graceMillis = options.refreshGraceSeconds() * 1000;
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
        return Future.succeededFuture(request).map(asked -> asked.parameters().required("refresh_token"))
            .compose(presented -> userCheck.apply(SecretToken.hash(presented)).compose(checked -> refresh(request, presented)));
    }

    private Future<TokenResponse> refresh(TokenRequest request, String presented) {
        Attempt attempt = attempt(request, presented);
        return tokens.refresh(attempt).compose(outcome -> {
            if (!(outcome instanceof Refreshed refreshed)) {
                return Future.failedFuture(refusal(request, (Refused) outcome));
            }
            IssueRequest issued = refreshed.rotation() == Rotation.KEPT ? attempt.issue().withRefresh(presented) : attempt.issue();
            return issuer.answer(request, issued, refreshed.token());
        });
    }

    private Attempt attempt(TokenRequest request, String presented) {
        IssueRequest issue = issuer.prepareAccess(request).withRefresh(TokenKind.REFRESH.derive(successors, presented));
        Scopes asked = Scopes.parse(request.parameters().single("scope")).without(ScopePolicy.OFFLINE_ACCESS);
        return new Attempt(SecretToken.hash(presented), request.client().id(), asked, hierarchy.expand(asked), request.resources(), issue,
            graceMillis, !request.client().isPublic(), request.client().policy().keepsRefreshToken(),
            Math.max(SHORTEST_OLD_COPY_MILLIS, issue.accessMillis()));
    }

    private OAuthException refusal(TokenRequest request, Refused refused) {
        String clientId = request.client().id();
        if (refused.reason() == Reason.REUSED) {
            index.forget(InvalidationKind.GRANT, refused.grantId());
            request.origin().record("refresh_token_reused", "client_id", clientId, "grant_id", refused.grantId());
        } else {
            request.origin().record("refresh_token_refused", "client_id", clientId, "grant_id", refused.grantId(), "reason", refused.reason());
        }
        String reason = "refresh token " + refused.reason();
        return switch (refused.reason()) {
            case OLD_COPY -> new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "This copy of the refresh token was used long ago and is not valid any more", reason);
            case INVALID_SCOPE -> new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The scope goes beyond what was granted");
            case INVALID_TARGET -> new OAuthException(OAuthErrorCode.INVALID_TARGET, "The refresh token was not granted for this resource");
            default -> new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "The refresh token is not valid for this client, or has expired, been used or been revoked", reason);
        };
    }
}
