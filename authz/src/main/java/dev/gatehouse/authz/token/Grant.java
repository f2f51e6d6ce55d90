package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;
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

    /**
     * A request at the token endpoint.
     *
     * @param client authenticated, and registered for this grant
     * @param confirmation what the client has proved to hold, and the tokens are therefore bound to; null for nothing
     */
    record TokenRequest(Client client, FormParameters parameters, RequestOrigin origin,
                               Confirmation confirmation) {

        /**
         * The resources asked for, in canonical form and each once; none when none was sent.
         *
         * @throws dev.gatehouse.shared.oauth.OAuthException {@code invalid_target} where one is no resource identifier
         */
        public List<String> resources() {
            return ResourceId.requireFew(parameters.all("resource")).stream().map(text -> ResourceId.parse(text).value()).distinct().toList();
        }
    }
}
