package dev.gatehouse.authz.oidc;

import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.session.AuthenticationStore;
import dev.gatehouse.authz.session.AuthenticationStore.Authentication;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.ReleasedClaims;
import dev.gatehouse.authz.token.ReleasedClaims.Place;
import dev.gatehouse.authz.token.TokenIssuer.ResponseStep;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.jose.JwtSigner;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;

/**
 * Adds an ID token if the user has consented to the scope {@code openid} (OpenID Connect Core §2, §3.1.3.3, §12.2). It runs
 * after the access token has its final form, because the ID token contains its hash.
 */
public final class IdTokenStep implements ResponseStep {

    private static final String CODE = GrantType.AUTHORIZATION_CODE.wireName();
    private static final Set<String> LOGINS = Set.of(CODE, GrantType.REFRESH_TOKEN.wireName(), GrantType.DEVICE_CODE.wireName());

    private final AuthenticationStore authentications;
    private final ReleasedClaims released;
    private final JwtSigner signer;
    private final String issuer;

    public IdTokenStep(AuthenticationStore authentications, ReleasedClaims released, JwtSigner signer, String issuer) {
        this.authentications = authentications;
        this.released = released;
        this.signer = signer;
        this.issuer = issuer;
    }

    @Override
    public Future<TokenResponse> apply(TokenRequest request, TokenResponse response) {
        if (response.stored().grantId() == null || !response.stored().scopes().contains("openid") || !isLogin(request)) {
            return Future.succeededFuture(response);
        }
        return authentications.of(response.stored().grantId())
            .compose(found -> released.of(Place.ID_TOKEN, response.stored()).compose(more -> signer.sign("JWT",
                algorithm -> claims(request, response, found.orElse(new Authentication(LoginClaims.NONE, null)), algorithm).mergeIn(more))))
            .map(idToken -> response.with("id_token", idToken));
    }

    /** An exchanged token gets no ID token, because its holder did not take part in the login. */
    private static boolean isLogin(TokenRequest request) {
        return LOGINS.contains(request.parameters().single("grant_type"));
    }

    private JsonObject claims(TokenRequest request, TokenResponse response, Authentication authentication,
                              SigningAlgorithm algorithm) {
        AccessToken token = response.stored();
        JsonObject claims = new JsonObject()
            .put("iss", issuer)
            .put("sub", token.sub())
            .put("aud", token.clientId())
            .put("exp", token.expiresAt() / 1000)
            .put("iat", token.issuedAt() / 1000)
            .put("at_hash", accessTokenHash(response.access(), algorithm));
        authentication.login().addTo(claims);
        boolean withNonce = authentication.nonce() != null && CODE.equals(request.parameters().single("grant_type"));
        return withNonce ? claims.put("nonce", authentication.nonce()) : claims;
    }

    /** The left half of the hash of the signature algorithm (§3.1.3.6). */
    private static String accessTokenHash(String accessToken, SigningAlgorithm algorithm) {
        try {
            String hash = algorithm == SigningAlgorithm.EDDSA ? "SHA-512" : "SHA-256";
            byte[] whole = MessageDigest.getInstance(hash).digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            return SecretToken.encode(Arrays.copyOf(whole, whole.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-2", e);
        }
    }
}
