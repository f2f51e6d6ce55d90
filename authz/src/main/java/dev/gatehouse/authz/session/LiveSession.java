package dev.gatehouse.authz.session;

import dev.gatehouse.authz.session.SessionStore.BrowserSession;
import dev.gatehouse.authz.user.User;

/** A session that is within its limits, with the user whose it is. */
public record LiveSession(BrowserSession session, User user) {
}
