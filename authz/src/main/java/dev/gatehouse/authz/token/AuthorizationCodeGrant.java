package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.token.CodeRules.Attempt;
import dev.gatehouse.authz.token.CodeRules.Reason;
import dev.gatehouse.authz.token.CodeRules.Redeemed;
import dev.gatehouse.authz.token.CodeRules.Refused;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.CodeChallenge;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.util.Set;
import java.util.regex.Pattern;

/** A user's approval turned into tokens by its code and the verifier of its challenge (RFC 6749 §4.1.3, RFC 7636 §4.5). */
public final class AuthorizationCodeGrant implements Grant {

    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private final TokenIssuer issuer;
    private final AuthorizationCodeStore codes;
    private final TokenIndex index;

    public AuthorizationCodeGrant(TokenIssuer issuer, AuthorizationCodeStore codes, TokenIndex index) {
        this.issuer = issuer;
        this.codes = codes;
        this.index = index;
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
        return Future.succeededFuture(request).map(this::attempt).compose(attempt -> codes.redeem(attempt)
            .compose(outcome -> outcome instanceof Redeemed redeemed ? issuer.answer(request, attempt.issue(), redeemed.token())
                : Future.failedFuture(refusal(request, (Refused) outcome))));
    }

    private Attempt attempt(TokenRequest request) {
        FormParameters parameters = request.parameters();
        return new Attempt(SecretToken.hash(parameters.required("code")), request.client().id(), parameters.single("redirect_uri"),
            challenge(request.client(), parameters.single("code_verifier")), request.resources(), issuer.prepare(request));
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
        return CodeChallenge.s256(verifier);
    }

    /** All failures map to invalid_grant, except invalid_target, which the client can correct. */
    private OAuthException refusal(TokenRequest request, Refused refused) {
        String clientId = request.client().id();
        if (refused.reason() == Reason.REPLAYED) {
            index.forget(InvalidationKind.GRANT, refused.grantId());
            request.origin().record("code_replayed", "client_id", clientId, "grant_id", refused.grantId());
        } else {
            request.origin().record("code_refused", "client_id", clientId, "grant_id", refused.grantId(), "reason", refused.reason());
        }
        return refused.reason() == Reason.INVALID_TARGET
            ? new OAuthException(OAuthErrorCode.INVALID_TARGET, "The code was not granted for this resource")
            : new OAuthException(OAuthErrorCode.INVALID_GRANT,
                "The code is not valid for this client, verifier and redirect URI, or has expired or been used", "code " + refused.reason());
    }
}
