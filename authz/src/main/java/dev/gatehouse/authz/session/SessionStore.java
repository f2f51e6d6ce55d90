package dev.gatehouse.authz.session;

import io.vertx.core.Future;

import java.util.Optional;

/** The browser sessions. */
public interface SessionStore {

    /**
     * Opens a session after a login.
     *
     * @param replacedHash the session that this browser had, which ends with it; or null
     * @param interactionHash the interaction that the login was for, which is authenticated by it; or null
     * @param browserHash the browser, known for this user from now on
     */
    Future<Void> open(BrowserSession session, String replacedHash, String interactionHash, String browserHash);

    Future<Optional<BrowserSession>> find(String hash);

    Future<Void> touch(String hash, long at);

    Future<Void> close(String hash);
}
