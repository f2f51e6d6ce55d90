package dev.gatehouse.authz.token;

import io.vertx.core.Future;

/** What is done to the answer of every grant before it leaves: another form of its access token, an ID token. */
public interface ResponseStep {

    /** The answer with this step's part. The tokens are stored by now, so a failure is the server's. */
    Future<TokenResponse> apply(TokenRequest request, TokenResponse response);
}
