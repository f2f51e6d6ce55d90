package dev.gatehouse.authz.token;

import io.vertx.core.Future;

/** A step between the stored tokens and the response, for all grants: another form of the access token, an ID token. */
public interface ResponseStep {

    /** The response with this step's part. The tokens are stored already, so a failure is the server's. */
    Future<TokenResponse> apply(TokenRequest request, TokenResponse response);
}
