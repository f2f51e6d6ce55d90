package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.consent.ApprovalStore.Approval;
import dev.gatehouse.authz.consent.ApprovalStore;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier.VerifiedJwt;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * Finds out whom a subject token of our own speaks of (draft-ietf-oauth-identity-assertion-authz-grant §4.3.3): an ID token
 * or a refresh token of the client that asks, as long as the person has not ended its access.
 */
public final class SubjectTokens {

    public static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    public static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
    private static final String OPENID = "openid";

    private final JwtVerifier verifier;
    private final KeySource ownKeys;
    private final ApprovalStore approvals;
    private final String self;
    private final TimeChecks times;
    private final Clock clock;

    /** @param self this server's issuer identifier */
    public SubjectTokens(JwtVerifier verifier, KeySource ownKeys, ApprovalStore approvals, String self, Clock clock) {
        this.verifier = verifier;
        this.ownKeys = ownKeys;
        this.approvals = approvals;
        this.self = self;
        this.times = new TimeChecks(clock, Duration.ZERO);
        this.clock = clock;
    }

    /**
     * Reads {@code subject_token}.
     *
     * @param type the value of {@code subject_token_type}
     * @param clientId the client that asks
     * @param confirmation what it has proved to hold, or null
     * @return {@code invalid_request} (RFC 8693 §2.2.2) when the token is of another type, not good, or not this client's
     */
    public Future<Approval> read(String token, String type, String clientId, Confirmation confirmation) {
        return switch (type) {
            case ID_TOKEN -> ofIdToken(token, clientId);
            case REFRESH_TOKEN -> ofRefreshToken(token, clientId, confirmation);
            default -> Future.failedFuture(new OAuthException(OAuthErrorCode.INVALID_REQUEST,
                "Identity assertions are made for ID tokens and refresh tokens only"));
        };
    }

    private Future<Approval> ofIdToken(String token, String clientId) {
        ClaimCheck checks = ClaimCheck.issuer(self).and(ClaimCheck.soleAudience(Set.of(clientId)))
            .and(ClaimCheck.present("sub")).and(times.valid());
        return verifier.verify(token, JwtRules.typed("JWT").orUntyped(), ownKeys).map(verified -> verified.require(checks))
            .map(VerifiedJwt::claims)
            .compose(claims -> approvals.find(Claims.text(claims, "sub"), clientId, OPENID, clock.millis())
                .map(found -> atLogin(found.orElseThrow(() -> new JwtException("no approval that stands")), claims)))
            .recover(failure -> Future.failedFuture(failure instanceof JwtException no ? refused(no.privateReason()) : failure));
    }

    /** The login that the ID token speaks of, and not a later one. */
    private static Approval atLogin(Approval approval, JsonObject claims) {
        return new Approval(approval.sub(), approval.email(), approval.name(), approval.scopes(),
            Claims.time(claims, "auth_time").orElse(approval.authenticatedAt()), null);
    }

    private Future<Approval> ofRefreshToken(String token, String clientId, Confirmation confirmation) {
        if (!TokenKind.REFRESH.matches(token)) {
            return Future.failedFuture(refused("no refresh token"));
        }
        return approvals.findByRefreshToken(SecretToken.hash(token), clientId, clock.millis()).map(found -> found
            .filter(approval -> approval.scopes().contains(OPENID))
            .filter(approval -> approval.confirmation() == null || approval.confirmation().equals(confirmation))
            .orElseThrow(() -> refused("no refresh token that could be used now, or not of a login with openid")));
    }

    private static OAuthException refused(String privateReason) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST,
            "The subject_token is not one of this client for a login with the scope openid, or not good any more",
            "subject token: " + privateReason);
    }
}
