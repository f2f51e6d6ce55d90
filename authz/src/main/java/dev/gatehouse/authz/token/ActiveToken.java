package dev.gatehouse.authz.token;

import dev.gatehouse.authz.user.UserProfile;

import java.util.List;

/**
 * An access token that is not revoked, with the person it stands for. The caller checks its expiry.
 *
 * @param user null for a client's own token
 * @param granted the resources that the person agreed to; empty for a client's own token
 */
public record ActiveToken(AccessToken token, UserProfile user, List<String> granted) {

    public ActiveToken {
        granted = List.copyOf(granted);
    }
}
