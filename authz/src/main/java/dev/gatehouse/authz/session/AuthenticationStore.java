package dev.gatehouse.authz.session;

import io.vertx.core.Future;

import java.util.Optional;

/** The logins that grants rest on. */
public interface AuthenticationStore {

    /** The login behind a grant; nothing where no person has given it. */
    Future<Optional<Authentication>> of(String grantId);
}
