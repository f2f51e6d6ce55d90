package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.TokenResponse;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** One kind of token that others are exchanged for: a value of {@code requested_token_type} (RFC 8693 §3). */
public interface ExchangeKind {

    /** The value of {@code requested_token_type}, and of {@code issued_token_type} in the answer. */
    String tokenType();

    /** Exchanges tokens; or fails with an {@link dev.gatehouse.shared.oauth.OAuthException}, having issued none. */
    Future<TokenResponse> exchange(TokenRequest request);

    /** Adds what metadata says of this kind. */
    default void describe(JsonObject metadata) {
    }
}
