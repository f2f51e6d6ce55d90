package dev.gatehouse.authz;

import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import io.vertx.core.Future;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks that a production database contains no well-known credentials. */
final class ProductionRules {

    private final UserStore users;
    private final ClientStore clients;
    private final PasswordHasher passwords;

    ProductionRules(UserStore users, ClientStore clients, PasswordHasher passwords) {
        this.users = users;
        this.clients = clients;
        this.passwords = passwords;
    }

    /** Returns a problem for each demo credential that still works. */
    Future<List<String>> problems() {
        List<String> problems = new ArrayList<>();
        return clients.find(DemoData.CLIENT_ID)
            .onSuccess(client -> client.ifPresent(found -> problems.add("database: it contains the demo client; run: gatehouse client delete "
                + DemoData.CLIENT_ID)))
            .compose(client -> users.findByUsername(DemoData.USERNAME))
            .compose(this::hasDemoPassword)
            .onSuccess(open -> {
                if (open) {
                    problems.add("database: the user " + DemoData.USERNAME + " has the demo password; run: gatehouse user password "
                        + DemoData.USERNAME);
                }
            }).map(problems);
    }

    private Future<Boolean> hasDemoPassword(Optional<User> user) {
        return user.isEmpty() || user.get().disabled() ? Future.succeededFuture(false)
            : passwords.verify(DemoData.PASSWORD, user.get().passwordHash());
    }
}
