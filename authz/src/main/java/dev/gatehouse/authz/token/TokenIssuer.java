package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ClientPolicy.TokenFormat;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.IssueRequest.NewToken;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * Issues the tokens of all grants. A grant {@link #prepare prepares} them, its store inserts them in the transaction that decides on the
 * request, and {@link #answer} writes the audit event and the response.
 */
public final class TokenIssuer {

    private static final String GRANT_PREFIX = "gnt_";

    private final TokenOptions options;
    private final ScopePolicy scopes;
    private final List<ResponseStep> steps;
    private final Clock clock;

    /** @param steps what is done to each response, in this order */
    public TokenIssuer(TokenOptions options, ScopePolicy scopes, List<ResponseStep> steps, Clock clock) {
        this.options = options;
        this.scopes = scopes;
        this.steps = List.copyOf(steps);
        this.clock = clock;
    }

    /** A new identifier of a grant. */
    public static String newGrantId() {
        return SecretToken.generate(GRANT_PREFIX);
    }

    /** An access token, and a refresh token for a client that may refresh. */
    public IssueRequest prepare(TokenRequest request) {
        IssueRequest access = prepareAccess(request);
        return GrantType.REFRESH_TOKEN.isOf(request.client()) ? access.withRefresh(TokenKind.REFRESH.generate()) : access;
    }

    /** An access token alone. */
    public IssueRequest prepareAccess(TokenRequest request) {
        TokenOptions lifetimes = options.governedBy(request.client().policy());
        return new IssueRequest(NewToken.of(TokenKind.ACCESS.generate()), null, clock.millis(), lifetimes.accessTokenSeconds() * 1000,
            lifetimes.refreshTokenIdleSeconds() * 1000, request.confirmation(), request.client().isPublic(), scopes.allowanceOf(request.client()));
    }

    /**
     * Responds with tokens that have been stored.
     *
     * @param details further fields of the audit event, names and values in turn
     */
    public Future<TokenResponse> answer(TokenRequest request, IssueRequest issued, AccessToken stored, Object... details) {
        request.origin().record("token_issued", fields(request, stored, details));
        return respond(request, issued, stored);
    }

    /** Responds with a token that has been stored in exchange for another one. */
    public Future<TokenResponse> answerExchange(TokenRequest request, IssueRequest issued, AccessToken stored) {
        request.origin().record("token_exchanged", "client_id", stored.clientId(), "sub", stored.sub(), "grant_id", stored.grantId(),
            "scope", stored.scopes(), "audience", stored.audience());
        return respond(request, issued, stored);
    }

    private static Object[] fields(TokenRequest request, AccessToken stored, Object... details) {
        Object[] fields = {"grant_type", request.parameters().single("grant_type"), "client_id", stored.clientId(), "sub", stored.sub(),
            "grant_id", stored.grantId(), "scope", stored.scopes()};
        Object[] all = Arrays.copyOf(fields, fields.length + details.length);
        System.arraycopy(details, 0, all, fields.length, details.length);
        return all;
    }

    private Future<TokenResponse> respond(TokenRequest request, IssueRequest issued, AccessToken stored) {
        Future<TokenResponse> response = Future.succeededFuture(
            new TokenResponse(issued.access().text(), issued.refresh() == null ? null : issued.refresh().text(), stored));
        for (ResponseStep step : steps) {
            response = response.compose(before -> step.apply(request, before));
        }
        return response;
    }

    /** A step between the stored tokens and the response, for all grants: another form of the access token, an ID token. */
    public interface ResponseStep {

        /** The response with this step's part. The tokens are stored already, so a failure is the server's. */
        Future<TokenResponse> apply(TokenRequest request, TokenResponse response);
    }

    /**
     * The lifetimes of codes and tokens.
     *
     * @param refreshTokenIdleSeconds lifetime of an unused refresh token
     * @param refreshTokenAbsoluteSeconds lifetime of a grant, however often it is refreshed
     * @param refreshGraceSeconds period in which a spent refresh token returns the same successor, after a lost response
     * @param format of access tokens for resources without a format of their own
     */
    public record TokenOptions(long accessTokenSeconds, long authorizationCodeSeconds, long refreshTokenIdleSeconds,
                               long refreshTokenAbsoluteSeconds, long refreshGraceSeconds, TokenFormat format) {

        /** These lifetimes with the operator's policy for one client. */
        public TokenOptions governedBy(ClientPolicy policy) {
            return new TokenOptions(orElse(policy.accessTokenSeconds(), accessTokenSeconds), authorizationCodeSeconds,
                orElse(policy.refreshTokenIdleSeconds(), refreshTokenIdleSeconds),
                orElse(policy.refreshTokenAbsoluteSeconds(), refreshTokenAbsoluteSeconds), refreshGraceSeconds, format);
        }

        private static long orElse(Long decided, long otherwise) {
            return decided == null ? otherwise : decided;
        }
    }
}
