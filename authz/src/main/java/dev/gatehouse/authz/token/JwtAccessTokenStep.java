package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.TokenFormat;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.shared.jose.JwtSigner;
import io.vertx.core.Future;

/**
 * Gives the access token the form of a JWT (RFC 9068) where its resources want that. The opaque text that it stands for is
 * stored like any other, and never leaves.
 */
public final class JwtAccessTokenStep implements ResponseStep {

    private final ResourcePolicy resources;
    private final JwtClaims claims;
    private final JwtSigner signer;

    public JwtAccessTokenStep(ResourcePolicy resources, JwtClaims claims, JwtSigner signer) {
        this.resources = resources;
        this.claims = claims;
        this.signer = signer;
    }

    @Override
    public Future<TokenResponse> apply(TokenRequest request, TokenResponse response) {
        TokenFormat format = request.client().policy().tokenFormat();
        // Resource servers can introspect tokens of both forms. In doubt the token is opaque, because that reveals less.
        boolean jwt = format == null ? resources.takeJwt(response.stored().audience()) : format == TokenFormat.JWT;
        return jwt ? signer.sign("at+jwt", claims.of(response.stored())).map(response::withAccess)
            : Future.succeededFuture(response);
    }
}
