package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.store.BrowserSession;
import dev.gatehouse.authz.store.User;

/** A session that is within its limits, with the user whose it is. */
record LiveSession(BrowserSession session, User user) {
}
