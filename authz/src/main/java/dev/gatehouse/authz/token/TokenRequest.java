package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.ResourceId;

import java.util.List;

/**
 * A request at the token endpoint.
 *
 * @param client authenticated, and registered for this grant
 * @param confirmation what the client has proved to hold, and the tokens are therefore bound to; null for nothing
 */
public record TokenRequest(Client client, FormParameters parameters, RequestOrigin origin,
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
