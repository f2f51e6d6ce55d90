package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientStore;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which client a request comes from, by exactly one method, which is one of those registered for the client
 * (RFC 6749 §2.3). Every failure looks alike, whether or not there is such a client.
 */
public final class ClientAuthenticator {

    private static final List<AuthenticationMethod> METHODS =
        List.of(new BasicAuthentication(), new PostAuthentication(), new NoAuthentication());

    private final ClientStore clients;
    private final ClientSecrets secrets;

    public ClientAuthenticator(ClientStore clients, ClientSecrets secrets) {
        this.clients = clients;
        this.secrets = secrets;
    }

    /** The methods that clients may use, as metadata names them. */
    public static List<ClientAuthMethod> methods() {
        return METHODS.stream().map(AuthenticationMethod::method).toList();
    }

    /** Whether a request holds credentials or at least a client's name, right or wrong. */
    public boolean isAttempted(MultiMap headers, FormParameters form) {
        return headers.contains("Authorization") || form.has("client_id") || form.has("client_secret") || hasAssertion(form);
    }

    /**
     * Authenticates the client of a request.
     *
     * @return the client; or {@code invalid_client}, or {@code invalid_request} for two methods or two identifiers
     */
    public Future<Client> authenticate(MultiMap headers, FormParameters form) {
        return Future.succeededFuture()
            .map(start -> credentials(headers, form))
            .compose(candidates -> firstRight(candidates.iterator()));
    }

    /** As {@link #authenticate}, and {@code invalid_client} for a public client. */
    public Future<Client> authenticateConfidential(MultiMap headers, FormParameters form) {
        return authenticate(headers, form).map(client -> {
            if (client.isPublic()) {
                throw invalidClient("a public client cannot prove who it is");
            }
            return client;
        });
    }

    private static List<Credentials> credentials(MultiMap headers, FormParameters form) {
        List<AuthenticationMethod> used = METHODS.stream().filter(method -> method.isUsed(headers, form)).toList();
        boolean proves = used.stream().anyMatch(method -> method.method() != ClientAuthMethod.NONE);
        if (used.size() > 1 || (proves && hasAssertion(form))) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "Authenticate the client in one way only");
        }
        if (used.isEmpty() || hasAssertion(form)) {
            throw invalidClient("no client authentication that is supported here");
        }
        List<Credentials> candidates = used.get(0).read(headers, form);
        return requireSameIdentifier(candidates, form.single("client_id"));
    }

    private static boolean hasAssertion(FormParameters form) {
        return form.has("client_assertion") || form.has("client_assertion_type");
    }

    private static List<Credentials> requireSameIdentifier(List<Credentials> candidates, String clientId) {
        List<Credentials> same = candidates.stream()
            .filter(each -> clientId == null || clientId.equals(each.clientId())).toList();
        if (same.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The client_id parameter names another client than the credentials");
        }
        return same;
    }

    private Future<Client> firstRight(Iterator<Credentials> candidates) {
        Credentials next = candidates.next();
        return clients.find(next.clientId())
            .compose(client -> isRight(next, client).compose(right -> {
                if (right) {
                    return Future.succeededFuture(client.get());
                }
                return candidates.hasNext() ? firstRight(candidates)
                    : Future.failedFuture(invalidClient("unknown client, wrong secret, or a method that is not the client's"));
            }));
    }

    private Future<Boolean> isRight(Credentials credentials, Optional<Client> client) {
        boolean allowed = client.isPresent() && client.get().authMethods().contains(credentials.method());
        if (credentials.secret() == null) {
            return Future.succeededFuture(allowed);
        }
        return allowed ? secrets.verify(client.get(), credentials.secret()) : secrets.verifyAbsent(credentials.secret());
    }

    static OAuthException invalidClient(String privateReason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT, "Client authentication failed", privateReason);
    }
}
