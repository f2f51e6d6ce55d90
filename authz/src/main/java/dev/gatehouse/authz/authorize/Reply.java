package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.ValidatedRedirect;

/**
 * Where and how the answer to a request reaches its client.
 *
 * @param state what the request sent, or null
 */
public record Reply(String clientId, ValidatedRedirect redirect, String state, ResponseMode mode) {
}
