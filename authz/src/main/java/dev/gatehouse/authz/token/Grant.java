package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.GrantType;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Set;

/** One way to get tokens: a value of {@code grant_type} (RFC 6749 §1.3). */
public interface Grant {

    /** Its grant type. */
    GrantType type();

    /** The parameters that it reads and that may be sent once. All else but {@code resource} is ignored. */
    Set<String> parameters();

    /** Returns true if public clients may use it here. */
    default boolean allowsPublicClients() {
        return type().isForPublicClients();
    }

    /** Adds what metadata says of this grant beyond its name. */
    default void describe(JsonObject metadata) {
    }

    /** Issues tokens; or fails with an {@link dev.gatehouse.shared.oauth.OAuthException}, having issued none. */
    Future<TokenResponse> handle(TokenRequest request);
}
