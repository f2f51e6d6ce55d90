package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.oauth.Discovery.Lookup;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Gets tokens for one MCP server: finds its authorization server, becomes a client of it, and goes through the configured grant. */
public final class Login {

    private static final Duration PERSON = Duration.ofMinutes(5);
    private static final Set<String> LOST_REGISTRATION = Set.of(OAuthErrorCode.INVALID_CLIENT.wireName(), OAuthErrorCode.UNAUTHORIZED_CLIENT.wireName());
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /** The collaborators that all logins of this process share. @param observer receives each step of discovery */
    public record Surroundings(Vertx vertx, HttpCaller http, Clock clock, CredentialStore store, UserInteraction interaction,
                               Consumer<Lookup> observer) {
    }

    private final Surroundings surroundings;
    private final URI server;
    private final OAuthOptions options;
    private final ClientRegistration registration;
    private final AssertionKey key;
    private final Duration longestWait;
    private volatile String confirmed;

    /** @param server URL of the MCP server; {@code stdio:NAME} for a process, whose authorization server is configured */
    public Login(Surroundings surroundings, URI server, OAuthOptions options) {
        this(surroundings, server, options, PERSON);
    }

    /** @param longestWait for the answer that the browser brings */
    Login(Surroundings surroundings, URI server, OAuthOptions options, Duration longestWait) {
        this.longestWait = longestWait;
        this.surroundings = surroundings;
        this.server = server;
        this.options = options;
        this.registration = new ClientRegistration(surroundings.http(), surroundings.store(), options);
        this.key = options.privateKey() == null ? null : AssertionKey.parse(options.privateKey(), options.signingAlgorithm());
    }

    /** One attempt, with what it has found out. */
    private record Attempt(Discovery.Found found, String resource, String scope, DpopKey dpop, Map<String, String> authentication) {

        AuthorizationServer at() {
            return found.server();
        }
    }

    /**
     * Logs in and saves the credential.
     *
     * @param challenge of the server's answer, where there was one
     * @param before scopes that were asked for before, to be kept; or null
     */
    public Future<Credential> run(Optional<Challenge> challenge, String before) {
        return find(challenge).compose(this::requireTrusted).compose(found -> run(found, challenge, before));
    }

    /**
     * Logs in, unless another process has done so meanwhile.
     *
     * @param refused the credential that does not suffice, or null
     */
    Future<Credential> runOnce(Optional<Challenge> challenge, String before, Credential refused) {
        String needed = before == null ? "" : challenge.flatMap(Challenge::scope).orElse("");
        return surroundings.store().signingIn(server.toString(),
            () -> surroundings.interaction().waitForOther(server.toString()), () -> surroundings.store().find(server.toString(), options::accepts)
            .map(found -> found.filter(each -> (refused == null || !each.tokens().accessToken().equals(refused.tokens().accessToken()))
                && each.tokens().isUsableAt(surroundings.clock().instant()) && ScopeChoice.covers(each.tokens().scope(), needed)))
            .compose(another -> another.map(Future::succeededFuture).orElseGet(() -> run(challenge, before))));
    }

    /** Logs in at an authorization server that the user names, for a server that need not run. */
    public Future<Credential> runAt(String issuer) {
        return new Discovery(surroundings.http(), surroundings.observer())
            .authorizationServer(SecureUrl.parse(issuer, "The authorization server's identifier"), issuer)
            .compose(found -> run(new Discovery.Found(server.toString(), null, found), Optional.empty(), null));
    }

    private Future<Credential> run(Discovery.Found found, Optional<Challenge> challenge, String before) {
        return grant(attempt(found, challenge, before)).compose(credential -> surroundings.store().save(credential).map(credential))
            .recover(failure -> forgetRegistration(found.server(), failure).compose(forgotten -> Future.failedFuture(failure)));
    }

    /** A server that has lost a registration shows an error to the user and never answers, or refuses the client later. */
    private Future<Void> forgetRegistration(AuthorizationServer at, Throwable failure) {
        boolean isLost = failure instanceof OAuthFailure unanswered && unanswered.kind() == OAuthFailure.Kind.NO_ANSWER
            || failure instanceof OAuthFailure refusal && LOST_REGISTRATION.contains(refusal.error());
        return isLost ? surroundings.store().removeClient(at.name()) : Future.succeededFuture();
    }

    /** The stored credential, refreshed where it has to be; else that of a new login. */
    public Future<Credential> credential() {
        return surroundings.store().find(server.toString(), options::accepts).compose(stored -> stored.isEmpty() ? run(Optional.empty(), null)
            : fresh(stored.get()).recover(failure -> failure instanceof OAuthFailure refusal && refusal.endsCredential() ? run(Optional.empty(), null)
                : Future.failedFuture(failure)));
    }

    /** A stored credential, refreshed where it has to be. Fails with {@link OAuthFailure} when a person has to sign in again. */
    public Future<Credential> fresh(Credential stored) {
        if (stored.tokens().isUsableAt(surroundings.clock().instant())) {
            return Future.succeededFuture(stored);
        }
        return stored.tokens().refreshToken() == null ? Future.failedFuture(new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED,
            "The access token for " + stored.server() + " has expired, and there is no refresh token.")) : refresh(stored);
    }

    /** Removes the stored credential and revokes it. Returns whether there was one. */
    public Future<Boolean> logOut() {
        return surroundings.store().find(server.toString(), options::accepts)
            .compose(stored -> stored.isEmpty() ? Future.succeededFuture(false) : logOut(stored.get()).map(true));
    }

    /** Removes a stored credential and revokes it (RFC 7009). Returns whether the authorization server confirmed that. */
    public Future<Boolean> logOut(Credential credential) {
        // A refresh of another process would bring the credential back.
        return surroundings.store().exclusively(credential.key(), () -> surroundings.store().load(credential.key())
            .compose(stored -> surroundings.store().remove(credential.key()).compose(removed -> revoke(stored.orElse(credential)))));
    }

    private Future<Boolean> revoke(Credential credential) {
        TokenSet tokens = credential.tokens();
        String token = tokens.refreshToken() == null ? tokens.accessToken() : tokens.refreshToken();
        return credential.authorizationServer().endpoint("revocation_endpoint").map(endpoint -> {
            HttpCall call = authentication(credential.client()).authenticate(credential.authorizationServer(), Map.of("token", token),
                surroundings.clock().instant());
            // The credential is gone here, whether or not the server answers.
            return surroundings.http().call(new HttpCall(call.method(), endpoint, call.headers(), call.body()))
                .map(answer -> answer.status() == 200).otherwise(false);
        }).orElseGet(() -> Future.succeededFuture(false));
    }

    /** Removes a credential whose refresh token was refused, unless another has been saved meanwhile. */
    Future<Void> discard(Credential refused) {
        return surroundings.store().exclusively(refused.key(), () -> surroundings.store().load(refused.key())
            .compose(stored -> stored.isPresent() && stored.get().tokens().accessToken().equals(refused.tokens().accessToken()) ? surroundings.store().remove(refused.key())
                : Future.succeededFuture()));
    }

    private boolean isProcess() {
        return "stdio".equals(server.getScheme());
    }

    private Future<Discovery.Found> find(Optional<Challenge> challenge) {
        if (options.tokenUrl() != null) {
            return configured();
        }
        if (isProcess()) {
            return Future.failedFuture(OAuthFailure.protocol("The server is a process, which names no authorization server:"
                + " configure authorization_url and token_url."));
        }
        return new Discovery(surroundings.http(), surroundings.observer()).discover(server, challenge);
    }

    /** The configured endpoints, with the metadata of their origin when it is about them: it tells what else the server can do. */
    private Future<Discovery.Found> configured() {
        AuthorizationServer configured = AuthorizationServer.configured(options.authorizationUrl(), options.tokenUrl());
        String issuer = options.issuer() == null ? SecureUrl.origin(configured.tokenEndpoint()) : options.issuer();
        return new Discovery(surroundings.http(), surroundings.observer()).authorizationServer(configured.tokenEndpoint(), issuer)
            .map(found -> found.tokenEndpoint().equals(configured.tokenEndpoint())
                && (options.authorizationUrl() == null || found.authorizationEndpoint().equals(configured.authorizationEndpoint())) ? found : configured)
            .recover(none -> options.issuer() == null ? Future.succeededFuture(configured) : Future.failedFuture(none))
            .map(known -> new Discovery.Found(isProcess() ? null : server.toString(), null, known));
    }

    /** An MCP server can name any authorization server. The configured secrets go only to the one that the configuration names, or the user confirms. */
    private Future<Discovery.Found> requireTrusted(Discovery.Found found) {
        String issuer = found.server().name();
        if (options.issuer() != null && !options.issuer().equals(found.server().issuer())) {
            return Future.failedFuture(OAuthFailure.protocol(server + " names the authorization server " + issuer + ", but its client is configured for "
                + options.issuer() + ". Nothing was sent there."));
        }
        if (!options.hasSecret() || options.namesServer() || issuer.equals(confirmed)) {
            return Future.succeededFuture(found);
        }
        return surroundings.interaction().confirm(found.server(), found.resource()).map(yes -> {
            if (!yes) {
                throw new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED, server + " names the authorization server " + issuer
                    + ", and the configuration does not say that this client's secrets belong there. Nothing was sent there. If they do, add \"issuer\": \""
                    + issuer + "\" to \"auth\" of this server.");
            }
            confirmed = issuer;
            return found;
        });
    }

    private Attempt attempt(Discovery.Found found, Optional<Challenge> challenge, String before) {
        ResourceMetadata metadata = found.metadata();
        boolean dpop = options.dpop() != null ? options.dpop() : found.server().supports("dpop_signing_alg_values_supported", DpopKey.ALGORITHM)
            && (challenge.filter(each -> each.scheme().equals("dpop")).isPresent() || metadata != null && metadata.offersDpop());
        String scope = ScopeChoice.choose(options.scope(), challenge.flatMap(Challenge::scope),
            metadata == null ? List.of() : metadata.scopesSupported(), before, found.server());
        return new Attempt(found, options.resource() == null ? found.resource() : options.resource(), scope, dpop ? DpopKey.generate() : null,
            challenge.map(Challenge::authentication).orElse(Map.of()));
    }

    private Future<Credential> grant(Attempt attempt) {
        return switch (options.grant()) {
            case AUTHORIZATION_CODE -> options.isOutOfBand() ? pastedCode(attempt) : redirectedCode(attempt);
            case DEVICE_CODE -> registration.client(attempt.at(), null).compose(client -> new DeviceFlow(surroundings.vertx(), surroundings.http(),
                surroundings.interaction()).run(attempt.at(), authentication(client), endpoint(attempt, client), attempt.resource(),
                    parameters(attempt, null), surroundings.clock().instant()).map(tokens -> credential(attempt, client, tokens)));
            case CLIENT_CREDENTIALS -> direct(attempt, parameters(attempt, "client_credentials"));
            case JWT_BEARER -> direct(attempt, assertion(parameters(attempt, JWT_BEARER), options.assertion()));
            case IDENTITY_ASSERTION -> new IdentityAssertion(surroundings.http(), options.identityProvider())
                .exchange(attempt.at(), attempt.resource(), attempt.scope())
                .compose(assertion -> direct(attempt, assertion(parameters(attempt, JWT_BEARER), assertion)));
        };
    }

    private Future<Credential> pastedCode(Attempt attempt) {
        return registration.client(attempt.at(), OAuthOptions.OUT_OF_BAND).compose(client -> {
            LoginRequest request = request(attempt, client, OAuthOptions.OUT_OF_BAND);
            return surroundings.interaction().openAndPaste(request)
                .compose(pasted -> redeem(attempt, client, request, pasted.strip()));
        });
    }

    private Future<Credential> redirectedCode(Attempt attempt) {
        return callback(attempt).compose(callback -> registration.client(attempt.at(), callback.redirectUri())
            .compose(client -> {
                LoginRequest request = request(attempt, client, callback.redirectUri());
                Future<Map<String, String>> response = callback.response(request.state());
                return surroundings.interaction().open(request).compose(opened -> response.timeout(longestWait.toMillis(), TimeUnit.MILLISECONDS))
                    .recover(failure -> Future.failedFuture(failure instanceof TimeoutException ? noAnswer(attempt.at()) : failure))
                    .compose(answer -> redeem(attempt, client, request, request.codeOf(answer)));
            })
            .eventually(callback::close));
    }

    private OAuthFailure noAnswer(AuthorizationServer at) {
        return new OAuthFailure(OAuthFailure.Kind.NO_ANSWER, "The browser brought no answer of " + at.name() + " within " + longestWait.toSeconds()
            + " seconds. Try again; where the browser is on another machine, use the device code: gatehouse login --device " + server);
    }

    /** Listens where the registration of this client says, and anywhere when that port is taken. */
    private Future<LoopbackCallback> callback(Attempt attempt) {
        if (options.redirectUri() != null) {
            URI configured = SecureUrl.require(options.redirectUri(), "redirect_uri");
            return SecureUrl.isLoopback(configured) ? LoopbackCallback.listen(surroundings.vertx(), configured)
                : Future.failedFuture(OAuthFailure.protocol("redirect_uri must be on this machine, or " + OAuthOptions.OUT_OF_BAND + "."));
        }
        return registration.registeredRedirectUri(attempt.at()).compose(registered -> registered.isEmpty()
            ? LoopbackCallback.listen(surroundings.vertx(), null)
            : LoopbackCallback.listen(surroundings.vertx(), URI.create(registered.get()))
                .recover(taken -> LoopbackCallback.listen(surroundings.vertx(), null)));
    }

    private static LoginRequest request(Attempt attempt, OAuthClient client, String redirectUri) {
        return LoginRequest.create(attempt.at(), client.id(), redirectUri, attempt.resource(), attempt.scope(), attempt.authentication());
    }

    private Future<Credential> redeem(Attempt attempt, OAuthClient client, LoginRequest request, String code) {
        return endpoint(attempt, client).request(request.redemption(code)).map(tokens -> credential(attempt, client, tokens));
    }

    private Future<Credential> direct(Attempt attempt, Map<String, String> parameters) {
        return registration.client(attempt.at(), null)
            .compose(client -> endpoint(attempt, client).request(parameters).map(tokens -> credential(attempt, client, tokens)));
    }

    private static Map<String, String> assertion(Map<String, String> parameters, String assertion) {
        parameters.put("assertion", assertion);
        return parameters;
    }

    private static Map<String, String> parameters(Attempt attempt, String grantType) {
        Map<String, String> parameters = new LinkedHashMap<>();
        put(parameters, "grant_type", grantType);
        put(parameters, "scope", attempt.scope());
        put(parameters, "resource", attempt.resource());
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    private Credential credential(Attempt attempt, OAuthClient client, TokenSet tokens) {
        TokenSet known = tokens.scope() == null ? new TokenSet(tokens.accessToken(), tokens.type(), tokens.expiresAt(), tokens.refreshToken(),
            attempt.scope()) : tokens;
        return new Credential(server.toString(), attempt.resource(), attempt.at(), client, known, attempt.scope(),
            tokens.isDpop() ? attempt.dpop() : null);
    }

    /** Gets new tokens by the refresh token of a credential, unless another process has done so; saves them. */
    public Future<Credential> refresh(Credential stale) {
        return surroundings.store().exclusively(stale.key(), () -> surroundings.store().load(stale.key()).compose(stored -> {
            if (stored.isEmpty()) {
                return Future.failedFuture(new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED, "The login at " + stale.server() + " has ended."));
            }
            boolean renewed = !stored.get().tokens().accessToken().equals(stale.tokens().accessToken());
            if (renewed && stored.get().tokens().isLiveAt(surroundings.clock().instant())) {
                return Future.succeededFuture(stored.get());
            }
            Credential latest = stored.get();
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("grant_type", "refresh_token");
            parameters.put("refresh_token", latest.tokens().refreshToken());
            put(parameters, "resource", latest.resource());
            return new TokenRequests(surroundings.http(), surroundings.clock(), latest.authorizationServer(), authentication(latest.client()),
                latest.dpop()).request(parameters).map(tokens -> latest.with(tokens.keeping(latest.tokens())))
                .compose(credential -> surroundings.store().save(credential).map(credential));
        }));
    }

    private ClientAuthentication authentication(OAuthClient client) {
        return new ClientAuthentication(client, key);
    }

    private TokenRequests endpoint(Attempt attempt, OAuthClient client) {
        return new TokenRequests(surroundings.http(), surroundings.clock(), attempt.at(), authentication(client), attempt.dpop());
    }
}
