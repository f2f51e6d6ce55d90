package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.token.Confirmation;
import dev.gatehouse.shared.oauth.Scopes;

/**
 * A person's approval of a client, given after a login, that still stands.
 *
 * @param email or null
 * @param name or null
 * @param authenticatedAt when the person gave a password, epoch milliseconds
 * @param confirmation what the token by which it was found is bound to, or null
 */
public record Approval(String sub, String email, String name, Scopes scopes, long authenticatedAt, Confirmation confirmation) {
}
