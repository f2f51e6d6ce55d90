package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.client.ClientPolicy.Pkce;

import java.util.List;

/**
 * Dynamic client registration (RFC 7591).
 *
 * @param enabled whether registration is on
 * @param initialAccessTokenRequired whether registration needs an initial access token
 * @param maximumClients maximum number of registered clients
 * @param idleDays days after which an unused client is removed
 * @param grantTypes wire names of the grant types that a client may register; without client_credentials by default, which gives tokens without a user's consent
 * @param pkce protection of the codes of confidential clients
 */
public record DynamicRegistrationOptions(boolean enabled, boolean initialAccessTokenRequired, int maximumClients, int idleDays,
                                         List<String> grantTypes, Pkce pkce) {

    public DynamicRegistrationOptions {
        grantTypes = List.copyOf(grantTypes);
    }
}
