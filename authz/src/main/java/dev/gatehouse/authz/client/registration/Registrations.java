package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientDescription;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.RegistrationRules;
import dev.gatehouse.authz.client.RegistrationRules.Registrable;
import dev.gatehouse.authz.client.RequestedMetadata;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.authz.client.registration.RegistrationStore.Registration;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Dynamic client registration and its management (RFC 7591, RFC 7592). */
public final class Registrations {

    /** The periodic purge makes room. */
    private static final long FULL_SECONDS = 3600;
    private static final String ID_PREFIX = "dcr_";
    private static final String SECRET_PREFIX = "ghs_";
    private static final String TOKEN_PREFIX = "ghm_";
    /** Clients that register again at each start and are never used must not fill the database. */
    private static final int MOST_ALIKE = 20;
    /** The user of a newly registered client may still be at the login page. */
    private static final long SPARED_MILLIS = 3_600_000;

    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private final RegistrationRules rules;
    private final RegistrationStore store;
    private final ClientStore clients;
    private final Consumer<String> changed;
    private final DynamicRegistrationOptions options;
    private final Clock clock;

    /** @param changed called with the identifier of a changed client, to invalidate caches */
    public Registrations(RegistrationRules rules, RegistrationStore store, ClientStore clients, Consumer<String> changed,
                         DynamicRegistrationOptions options, Clock clock) {
        this.rules = rules;
        this.store = store;
        this.clients = clients;
        this.changed = changed;
        this.options = options;
        this.clock = clock;
    }

    /**
     * Registers a client.
     *
     * @param initialToken the initial access token, or null
     * @param source the source address for the limits
     * @return the response of RFC 7591 §3.2.1 without the configuration endpoint; fails with the error
     */
    public Future<JsonObject> register(JsonObject sent, String initialToken, String source, RequestOrigin origin) {
        return Future.succeededFuture(sent).compose(metadata -> {
            if (options.initialAccessTokenRequired() && initialToken == null) {
                throw unauthorized("no initial access token");
            }
            return register(checked(metadata), initialToken, source, origin);
        });
    }

    private ClientDescription checked(JsonObject sent) {
        Object statement = sent.getValue("software_statement");
        if (statement != null && !"".equals(statement)) {
            throw new OAuthException(OAuthErrorCode.UNAPPROVED_SOFTWARE_STATEMENT,
                "This server does not accept software statements; register without one");
        }
        Registrable registrable = rules.check(RequestedMetadata.of(sent));
        registrable.omissions().forEach(omission -> LOG.info("A part of a registration is ignored: {}", omission));
        return registrable.description();
    }

    private Future<JsonObject> register(ClientDescription description, String initialToken, String source, RequestOrigin origin) {
        String secret = description.hasSecret() ? SecretToken.generate(SECRET_PREFIX) : null;
        String token = SecretToken.generate(TOKEN_PREFIX);
        Client described = description.client(SecretToken.generate(ID_PREFIX), secrets(secret), clock.millis());
        ClientPolicy usual = described.policy().withPkce(options.pkce());
        Client client = described.isPublic() ? described : described.withPolicy(usual);
        String fingerprint = SecretToken.hash(source + '\n' + description.toJson().encode());
        Registration registration = new Registration(client, SecretToken.hash(token), fingerprint, SecretToken.hash(source),
            options.initialAccessTokenRequired() ? SecretToken.hash(initialToken) : null, options.maximumClients(), MOST_ALIKE,
            usual, client.createdAt() - SPARED_MILLIS);
        return store.register(registration).map(outcome -> {
            requireAdded(outcome);
            origin.record("client_registered", "client_id", client.id(), "client_name", client.name());
            return answer(client, secret, token);
        });
    }

    private List<Client.Secret> secrets(String secret) {
        return secret == null ? List.of() : List.of(new Client.Secret(ClientSecrets.storedForm(secret), clock.millis(), null));
    }

    private static void requireAdded(RegistrationStore.Outcome outcome) {
        switch (outcome) {
            case ADDED -> { }
            case FULL -> throw OAuthException.after(FULL_SECONDS, OAuthErrorCode.SLOW_DOWN,
                "The maximum number of clients is registered; ask the operator, or use a client ID metadata document");
            case UNAUTHORIZED -> throw unauthorized("the initial access token is unknown, expired or used up");
        }
    }

    private static OAuthException unauthorized(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_TOKEN, "Registration needs a valid initial access token", reason);
    }

    /** Reads a registration (RFC 7592 §2.1); fails with {@code invalid_token} if the token does not belong to the client. */
    public Future<JsonObject> read(String clientId, String token) {
        return find(clientId, token).map(client -> answer(client, null, token));
    }

    /**
     * Updates a registration (RFC 7592 §2.2) by the rules of a new registration. The secret stays if the client still needs
     * one.
     */
    public Future<JsonObject> update(String clientId, String token, JsonObject sent, RequestOrigin origin) {
        return find(clientId, token).compose(before -> {
            requireSame(sent, clientId);
            ClientDescription description = checked(sent);
            boolean newSecret = description.hasSecret() && before.secrets().isEmpty();
            String secret = newSecret ? SecretToken.generate(SECRET_PREFIX) : null;
            List<Client.Secret> secrets = newSecret ? secrets(secret) : description.hasSecret() ? before.secrets() : List.of();
            Client after = description.client(clientId, secrets, before.createdAt()).withPolicy(before.policy());
            return store.update(after, SecretToken.hash(token), clock.millis()).map(updated -> {
                if (!updated) {
                    throw notYours();
                }
                changed.accept(clientId);
                origin.record("client_updated", "client_id", clientId);
                return answer(after, secret, token);
            });
        });
    }

    private static void requireSame(JsonObject sent, String clientId) {
        if (!clientId.equals(sent.getValue("client_id"))) {
            throw new OAuthException(OAuthErrorCode.INVALID_CLIENT_METADATA, "The client_id is not the client_id of the registration");
        }
    }

    /** Deletes a registration and revokes all grants of the client (RFC 7592 §2.3). */
    public Future<Void> delete(String clientId, String token, RequestOrigin origin) {
        return find(clientId, token)
            .compose(client -> clients.delete(clientId, clock.millis()))
            .onSuccess(deleted -> {
                changed.accept(clientId);
                origin.record("client_deleted", "client_id", clientId);
            }).mapEmpty();
    }

    private Future<Client> find(String clientId, String token) {
        if (token == null) {
            return Future.failedFuture(notYours());
        }
        return store.findByToken(SecretToken.hash(token))
            .map(found -> requireOwn(found, clientId));
    }

    private static Client requireOwn(Optional<Client> found, String clientId) {
        return found.filter(client -> client.id().equals(clientId)).orElseThrow(Registrations::notYours);
    }

    private static OAuthException notYours() {
        return new OAuthException(OAuthErrorCode.INVALID_TOKEN, "The registration access token does not belong to this client",
            "registration access token");
    }

    private static JsonObject answer(Client client, String secret, String token) {
        JsonObject json = ClientDescription.of(client).toJson()
            .put("client_id", client.id())
            .put("client_id_issued_at", client.createdAt() / 1000)
            .put("registration_access_token", token);
        if (secret != null) {
            json.put("client_secret", secret);
        }
        return client.secrets().isEmpty() ? json : json.put("client_secret_expires_at", 0);
    }

    /**
     * Dynamic client registration (RFC 7591).
     *
     * @param enabled whether registration is on
     * @param initialAccessTokenRequired whether registration needs an initial access token
     * @param maximumClients maximum number of registered clients
     * @param idleDays days after which an unused client is removed
     * @param grantTypes wire names of the grant types that a client may register; without client_credentials by default, which gives tokens without a user's consent
     * @param pkce protection of the codes of confidential clients
     */
    public record DynamicRegistrationOptions(boolean enabled, boolean initialAccessTokenRequired, int maximumClients, int idleDays,
                                             List<String> grantTypes, Pkce pkce) {

        public DynamicRegistrationOptions {
            grantTypes = List.copyOf(grantTypes);
        }
    }
}
