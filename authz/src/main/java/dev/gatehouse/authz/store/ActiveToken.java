package dev.gatehouse.authz.store;

/**
 * An access token that nobody has revoked, with the person it stands for. Whether it has expired is for the caller to say.
 *
 * @param user null for a client's own token
 */
public record ActiveToken(AccessToken token, UserProfile user) {
}
