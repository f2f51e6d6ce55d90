package dev.gatehouse.client.oauth;

import io.vertx.core.Future;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Credentials that last as long as this process. Safe for use from any thread. */
public final class MemoryCredentials implements CredentialStore {

    private final Map<Credential.Key, Credential> credentials = new LinkedHashMap<>();
    private final Map<String, OAuthClient> clients = new HashMap<>();
    private final Turns<Credential.Key> turns = new Turns<>();
    private final Turns<String> signIns = new Turns<>();

    @Override
    public synchronized Future<Optional<Credential>> find(String server, Predicate<Credential> wanted) {
        return Future.succeededFuture(credentials.values().stream().filter(each -> each.server().equals(server) && wanted.test(each)).reduce((first, later) -> later));
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
    public synchronized Future<Void> removeClient(String issuer) {
        clients.remove(issuer);
        return Future.succeededFuture();
    }

    @Override
    public <T> Future<T> exclusively(Credential.Key key, Supplier<Future<T>> work) {
        return turns.run(key, work);
    }

    @Override
    public <T> Future<T> signingIn(String server, Runnable waits, Supplier<Future<T>> work) {
        return signIns.run(server, work);
    }
}
