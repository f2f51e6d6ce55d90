package dev.gatehouse.authz.grant;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.ResourceId;

import java.util.List;

/**
 * A request at the token endpoint.
 *
 * @param client authenticated, and registered for this grant
 */
public record TokenRequest(Client client, FormParameters parameters, RequestOrigin origin) {

    /**
     * The resources asked for, in canonical form and each once; none when none was sent.
     *
     * @throws dev.gatehouse.shared.oauth.OAuthException {@code invalid_target} where one is no resource identifier
     */
    List<String> resources() {
        return parameters.all("resource").stream().map(text -> ResourceId.parse(text).value()).distinct().toList();
    }
}
