package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.ClientPolicy.TokenFormat;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.ReleasedClaims.Place;
import dev.gatehouse.authz.token.TokenIssuer.ResponseStep;
import dev.gatehouse.shared.jose.JwtSigner;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/**
 * Gives the access token the form of a JWT (RFC 9068) where its resources want that. The opaque text that it stands for is
 * stored like any other, and never leaves.
 */
public final class JwtAccessTokenStep implements ResponseStep {

    private final ResourcePolicy resources;
    private final ReleasedClaims released;
    private final String issuer;
    private final JwtSigner signer;
    private final Function<String, Future<LoginClaims>> logins;

    /** @param logins takes a grant and returns the login behind it */
    public JwtAccessTokenStep(ResourcePolicy resources, ReleasedClaims released, String issuer, JwtSigner signer,
                              Function<String, Future<LoginClaims>> logins) {
        this.logins = logins;
        this.resources = resources;
        this.released = released;
        this.issuer = issuer;
        this.signer = signer;
    }

    @Override
    public Future<TokenResponse> apply(TokenRequest request, TokenResponse response) {
        TokenFormat format = request.client().policy().tokenFormat();
        // Resource servers can introspect tokens of both forms. In doubt the token is opaque, because that reveals less.
        boolean jwt = format == null ? resources.takeJwt(response.stored().audience()) : format == TokenFormat.JWT;
        return jwt ? Future.all(login(response.stored()), released.of(Place.ACCESS_TOKEN, response.stored()))
            .compose(both -> signer.sign("at+jwt", claims(response.stored(), both.resultAt(0)).mergeIn(both.resultAt(1)))).map(response::withAccess)
            : Future.succeededFuture(response);
    }

    private Future<LoginClaims> login(AccessToken token) {
        return token.grantId() == null ? Future.succeededFuture(LoginClaims.NONE) : logins.apply(token.grantId());
    }

    /** RFC 9068 §2.2. The {@code jti} is the hash under which the token is stored. */
    private JsonObject claims(AccessToken token, LoginClaims login) {
        JsonObject claims = new JsonObject()
            .put("iss", issuer)
            .put("exp", token.expiresAt() / 1000)
            .put("aud", token.audience().size() == 1 ? token.audience().get(0) : new JsonArray(token.audience()))
            .put("sub", token.sub())
            .put("client_id", token.clientId())
            .put("iat", token.issuedAt() / 1000)
            .put("jti", token.hash())
            .put("scope", token.scopes().toString());
        if (token.confirmation() != null) {
            claims.put("cnf", new JsonObject().put(token.confirmation().method(), token.confirmation().thumbprint()));
        }
        login.addTo(claims);
        return claims;
    }
}
