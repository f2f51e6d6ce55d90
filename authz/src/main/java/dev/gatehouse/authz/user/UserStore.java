package dev.gatehouse.authz.user;

import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** The people who may log in. */
public interface UserStore {

    /** Adds a user. Returns false, changing nothing, when the name is taken. */
    Future<Boolean> add(User user);

    Future<Optional<User>> findByUsername(String username);

    Future<Optional<User>> findBySub(String sub);

    /** All users by name. */
    Future<List<User>> list();

    /** Notes a login. */
    Future<Void> recordLogin(String sub, long at);

    /**
     * Sets a new password hash, and ends the user's browser sessions and grants (RFC 9700 asks that a stolen session
     * not survive the change of password). Returns false when there is no such user.
     */
    Future<Boolean> changePassword(String username, String passwordHash, long at);

    /** Bars or readmits a user; barring ends the sessions and grants. Returns false when there is no such user. */
    Future<Boolean> setDisabled(String username, boolean disabled, long at);
}
