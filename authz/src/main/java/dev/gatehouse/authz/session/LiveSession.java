package dev.gatehouse.authz.session;

import dev.gatehouse.authz.session.SessionStore.BrowserSession;
import dev.gatehouse.authz.user.User;

/** A session that has not expired, with its user. */
public record LiveSession(BrowserSession session, User user) {
}
