package dev.gatehouse.authz.grant;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.http.FormParameters;

/**
 * A request at the token endpoint.
 *
 * @param client authenticated, and registered for this grant
 */
public record TokenRequest(Client client, FormParameters parameters, RequestOrigin origin) {
}
