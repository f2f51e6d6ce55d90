package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.CodeRedemptionStore.Redemption;
import dev.gatehouse.authz.token.RedemptionOutcome.Status;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import java.util.regex.Pattern;

/** A user's approval turned into tokens by its code and the verifier of its challenge (RFC 6749 §4.1.3, RFC 7636 §4.5). */
public final class AuthorizationCodeGrant implements Grant {

    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private final CodeRedemptionStore codes;
    private final TokenIndex index;
    private final ScopePolicy scopes;
    private final TokenOptions options;
    private final Clock clock;

    public AuthorizationCodeGrant(CodeRedemptionStore codes, TokenIndex index, ScopePolicy scopes, TokenOptions options, Clock clock) {
        this.codes = codes;
        this.index = index;
        this.scopes = scopes;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public GrantType type() {
        return GrantType.AUTHORIZATION_CODE;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("code", "redirect_uri", "code_verifier");
    }

    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        String access = TokenKind.ACCESS.generate();
        String refresh = GrantType.REFRESH_TOKEN.isOf(request.client()) ? TokenKind.REFRESH.generate() : null;
        return Future.succeededFuture(request)
            .map(checked -> redemption(checked, access, refresh))
            .compose(codes::redeem)
            .map(outcome -> {
                audit(request, outcome);
                requireRedeemed(outcome);
                return new TokenResponse(access, refresh, outcome.token());
            });
    }

    private Redemption redemption(TokenRequest request, String access, String refresh) {
        FormParameters parameters = request.parameters();
        String code = parameters.required("code");
        TokenOptions lifetimes = options.governedBy(request.client().policy());
        IssueRequest issue = new IssueRequest(SecretToken.hash(access), refresh == null ? null : SecretToken.hash(refresh),
            clock.millis(), lifetimes.accessTokenSeconds() * 1000, lifetimes.refreshTokenIdleSeconds() * 1000,
            request.confirmation(), request.client().isPublic(), scopes.limitsOf(request.client()));
        return new Redemption(SecretToken.hash(code), request.client().id(), parameters.single("redirect_uri"),
            challenge(request.client(), parameters.single("code_verifier")), request.resources(), issue);
    }

    /**
     * The S256 challenge of a verifier (RFC 7636 §4.2). A verifier that is missing does not match (§4.6), unless the client may
     * ask for a code without a challenge and did; then a verifier does not match.
     */
    private static String challenge(Client client, String verifier) {
        if (verifier == null && !client.isPublic() && client.policy().pkce() != Pkce.REQUIRED) {
            return "";
        }
        if (verifier == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_GRANT, "The parameter code_verifier is missing");
        }
        if (!VERIFIER.matcher(verifier).matches()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST,
                "The code_verifier parameter is not 43 to 128 letters, digits, dots, dashes, underscores and tildes");
        }
        return SecretToken.encode(SecretToken.sha256(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    private void audit(TokenRequest request, RedemptionOutcome outcome) {
        String clientId = request.client().id();
        switch (outcome.status()) {
            case REDEEMED -> request.origin().record("token_issued", "grant_type", type().wireName(), "client_id", clientId,
                "sub", outcome.token().sub(), "grant_id", outcome.grantId(), "scope", outcome.token().scopes());
            case REPLAYED -> {
                index.forget(InvalidationKind.GRANT, outcome.grantId());
                request.origin().record("code_replayed", "client_id", clientId, "grant_id", outcome.grantId());
            }
            default -> request.origin().record("code_refused", "client_id", clientId, "grant_id", outcome.grantId(),
                "reason", outcome.status());
        }
    }

    /** Who cannot redeem a code learns no more than that, but for a resource, which the rightful client can mend. */
    private static void requireRedeemed(RedemptionOutcome outcome) {
        if (outcome.status() == Status.INVALID_TARGET) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "The code was not granted for this resource");
        }
        if (outcome.status() != Status.REDEEMED) {
            throw new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "The code is not valid for this client, verifier and redirect URI, or has expired or been used",
                "code " + outcome.status());
        }
    }
}
