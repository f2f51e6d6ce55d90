package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.ValidatedRedirect;

/**
 * The destination of an authorization response.
 *
 * @param state the state of the request, or null
 */
public record Reply(String clientId, ValidatedRedirect redirect, String state, ResponseMode mode) {
}
