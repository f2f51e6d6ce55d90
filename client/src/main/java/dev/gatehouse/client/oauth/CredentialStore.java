package dev.gatehouse.client.oauth;

import io.vertx.core.Future;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Keeps credentials and registrations of this client beyond one connection. */
public interface CredentialStore {

    /**
     * The credential that was saved last for an MCP server.
     *
     * @param server its URL
     * @param wanted of several credentials for it, those to choose from
     */
    Future<Optional<Credential>> find(String server, Predicate<Credential> wanted);

    Future<Optional<Credential>> load(Credential.Key key);

    /** Saves a credential, instead of one with the same key. */
    Future<Void> save(Credential credential);

    Future<Void> remove(Credential.Key key);

    /** This client's registration at an authorization server. */
    Future<Optional<OAuthClient>> client(String issuer);

    Future<Void> saveClient(OAuthClient client);

    /** Forgets this client's registration, for example because the authorization server does not know it any more. */
    Future<Void> removeClient(String issuer);

    /** Does work on a credential that no other process or connection does at the same time, such as a refresh. */
    <T> Future<T> exclusively(Credential.Key key, Supplier<Future<T>> work);

    /**
     * Runs sign-ins at one MCP server one after the other, in all processes: a person answers one at a time.
     *
     * @param waits called once when another process is signing in
     */
    <T> Future<T> signingIn(String server, Runnable waits, Supplier<Future<T>> work);
}
