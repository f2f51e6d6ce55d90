package dev.gatehouse.client.oauth;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Credentials that last as long as this process. Safe for use from any thread. */
public final class MemoryCredentials implements CredentialStore {

    private final Map<Credential.Key, Credential> credentials = new LinkedHashMap<>();
    private final Map<String, OAuthClient> clients = new HashMap<>();
    private final Map<Credential.Key, Future<?>> work = new HashMap<>();

    @Override
    public synchronized Future<Optional<Credential>> find(String server) {
        return Future.succeededFuture(credentials.values().stream().filter(each -> each.server().equals(server)).reduce((first, later) -> later));
    }

    @Override
    public synchronized Future<Optional<Credential>> load(Credential.Key key) {
        return Future.succeededFuture(Optional.ofNullable(credentials.get(key)));
    }

    @Override
    public synchronized Future<Void> save(Credential credential) {
        credentials.remove(credential.key());
        credentials.put(credential.key(), credential);
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Void> remove(Credential.Key key) {
        credentials.remove(key);
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<OAuthClient>> client(String issuer) {
        return Future.succeededFuture(Optional.ofNullable(clients.get(issuer)));
    }

    @Override
    public synchronized Future<Void> saveClient(OAuthClient client) {
        clients.put(client.issuer(), client);
        return Future.succeededFuture();
    }

    @Override
    public <T> Future<T> exclusively(Credential.Key key, Supplier<Future<T>> task) {
        Promise<T> mine = Promise.promise();
        Future<?> before;
        synchronized (this) {
            before = work.put(key, mine.future());
        }
        (before == null ? Future.succeededFuture() : before.otherwiseEmpty()).compose(turn -> task.get()).onComplete(mine);
        return mine.future();
    }
}
