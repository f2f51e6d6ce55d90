package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Authenticates the client of a request by exactly one method, which the client must have registered (RFC 6749 §2.3). The
 * response to a failure does not reveal whether the client exists.
 */
public final class ClientAuthenticator {

    /** The longest identifier in characters. No registered identifier and no URL of a document is longer. */
    private static final int LONGEST_ID = 2048;

    private final ClientLookup clients;
    private final List<AuthenticationMethod> methods;
    private final ClientAuthOptions options;
    private final DocumentClients documents;

    /**
     * @param methods all methods; metadata and registration use the same list
     * @param documents limits the fetches of client documents for each source
     */
    public ClientAuthenticator(ClientLookup clients, List<AuthenticationMethod> methods, ClientAuthOptions options,
                               DocumentClients documents) {
        this.clients = clients;
        this.methods = List.copyOf(methods);
        this.options = options;
        this.documents = documents;
    }

    /** Returns the methods that clients may use. */
    public List<ClientAuthMethod> methods() {
        return methods.stream().filter(this::isAllowed).map(AuthenticationMethod::method).toList();
    }

    private boolean isAllowed(AuthenticationMethod method) {
        return options.allows(method.method().wireName());
    }

    /**
     * Names the methods in metadata (RFC 8414 §2).
     *
     * @param endpoint the prefix of the members, such as {@code token_endpoint}
     * @param publicClients whether the endpoint serves public clients
     */
    public void describe(String endpoint, boolean publicClients, JsonObject metadata) {
        List<AuthenticationMethod> named = methods.stream().filter(this::isAllowed)
            .filter(each -> publicClients || each.method() != ClientAuthMethod.NONE).toList();
        metadata.put(endpoint + "_auth_methods_supported",
            new JsonArray(named.stream().map(each -> each.method().wireName()).toList()));
        named.forEach(each -> each.describe(endpoint, metadata));
    }

    /** Returns whether a request has credentials or a client identifier, valid or not. */
    public boolean isAttempted(ClientCall call) {
        return call.headers().contains(HttpHeaders.AUTHORIZATION) || call.form().has("client_id") || call.form().has("client_secret")
            || hasAssertion(call);
    }

    /**
     * Authenticates the client of a request.
     *
     * @return the client; fails with {@code invalid_client}, or with {@code invalid_request} for two methods or two identifiers
     */
    public Future<Client> authenticate(ClientCall call) {
        return Future.succeededFuture(call).compose(this::authenticateByOne);
    }

    /** Authenticates like {@link #authenticate}, and fails with {@code invalid_client} for a public client. */
    public Future<Client> authenticateConfidential(ClientCall call) {
        return authenticate(call).map(client -> {
            if (client.isPublic()) {
                throw invalidClient("a public client cannot prove who it is");
            }
            return client;
        });
    }

    private Future<Client> authenticateByOne(ClientCall call) {
        List<AuthenticationMethod> used = new ArrayList<>(methods.size());
        for (AuthenticationMethod method : methods) {
            if (method.isUsed(call)) {
                used.add(method);
            }
        }
        boolean unknownAssertion = hasAssertion(call) && used.stream().noneMatch(method -> method.method().isAssertion());
        boolean named = !used.isEmpty() && used.stream().allMatch(AuthenticationMethod::isLeftToRegistration);
        if ((used.size() > 1 && !named) || (unknownAssertion && !used.isEmpty())) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "Authenticate the client in one way only");
        }
        used.removeIf(method -> !isAllowed(method));
        if (used.isEmpty()) {
            throw invalidClient("no client authentication that is supported here");
        }
        return named ? registeredMethod(used, call).compose(method -> authenticate(method, call))
            : authenticate(used.get(0), call);
    }

    /** Selects the registered method of the client if a request fits several methods. */
    private Future<AuthenticationMethod> registeredMethod(List<AuthenticationMethod> meant, ClientCall call) {
        return meant.size() == 1 ? Future.succeededFuture(meant.get(0))
            : find(call.form().single("client_id"), call).map(found -> meant.stream()
                .filter(method -> found.isPresent() && found.get().authMethods().contains(method.method()))
                .findFirst().orElse(meant.get(0)));
    }

    private Future<Client> authenticate(AuthenticationMethod method, ClientCall call) {
        List<Credentials> candidates = method.read(call);
        String clientId = call.form().single("client_id");
        return firstRight(method, call, (clientId == null ? candidates : requireSameIdentifier(candidates, clientId)).iterator());
    }

    private static boolean hasAssertion(ClientCall call) {
        return call.form().has("client_assertion") || call.form().has("client_assertion_type");
    }

    private static List<Credentials> requireSameIdentifier(List<Credentials> candidates, String clientId) {
        List<Credentials> same = candidates.stream()
            .filter(each -> clientId.equals(each.clientId())).toList();
        if (same.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The client_id parameter names another client than the credentials");
        }
        return same;
    }

    private Future<Client> firstRight(AuthenticationMethod method, ClientCall call, Iterator<Credentials> candidates) {
        Credentials next = candidates.next();
        return find(next.clientId(), call)
            .compose(client -> isRight(method, next, client, call).compose(right -> {
                if (right) {
                    return Future.succeededFuture(client.get());
                }
                return candidates.hasNext() ? firstRight(method, call, candidates)
                    : Future.failedFuture(invalidClient("unknown client, wrong secret, or a method that is not the client's"));
            }));
    }

    private Future<Optional<Client>> find(String clientId, ClientCall call) {
        if (clientId != null && clientId.length() > LONGEST_ID) {
            return Future.succeededFuture(Optional.empty());
        }
        documents.requireFetchAllowed(clientId, call.source());
        return clients.find(clientId);
    }

    private static Future<Boolean> isRight(AuthenticationMethod method, Credentials credentials, Optional<Client> client, ClientCall call) {
        boolean allowed = client.isPresent() && client.get().authMethods().contains(method.method());
        return allowed ? method.verify(client.get(), credentials, call) : method.verifyAbsent(credentials, call);
    }

    static OAuthException invalidClient(String privateReason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT, "Client authentication failed", privateReason);
    }

    /**
     * The client authentication methods that are allowed.
     *
     * @param methods wire names; empty for all
     */
    public record ClientAuthOptions(List<String> methods) {

        public ClientAuthOptions {
            methods = List.copyOf(methods);
        }

        /** Returns whether clients may use a method. @param wireName such as {@code client_secret_basic} */
        public boolean allows(String wireName) {
            return methods.isEmpty() || methods.contains(wireName);
        }
    }
}
