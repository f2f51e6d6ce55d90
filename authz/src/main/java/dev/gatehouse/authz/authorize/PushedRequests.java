package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Pushed authorization requests (RFC 9126): the client sends the request to this server, and the browser carries only a
 * reference. A request is answered once; until then the user may reload the page.
 */
public final class PushedRequests {

    private static final String PREFIX = "urn:ietf:params:oauth:request_uri:";
    /** Client credentials are checked before the request is stored, and are not stored. */
    private static final Set<String> CREDENTIALS = Set.of("client_secret", "client_assertion", "client_assertion_type");

    /** The longest form-encoded request in characters. */
    private static final int LONGEST = 16 * 1024;

    private final AuthorizationChecks checks;
    private final PushedRequestStore store;
    private final PushedRequestOptions options;
    private final Clock clock;

    public PushedRequests(AuthorizationChecks checks, PushedRequestStore store, PushedRequestOptions options, Clock clock) {
        this.checks = checks;
        this.store = store;
        this.options = options;
        this.clock = clock;
    }

    /** Returns whether every authorization request must be pushed. */
    public boolean areRequired() {
        return options.required();
    }

    /** The lifetime of a request in seconds. */
    public long lifetimeSeconds() {
        return options.lifetimeSeconds();
    }

    /**
     * Checks a request as the authorization endpoint does, and stores it.
     *
     * @param thumbprint the thumbprint of the client's DPoP key, to which the code is then bound (RFC 9449 §10.1); or null
     * @return its {@code request_uri}; fails with the error for the client
     */
    public Future<String> push(String clientId, FormParameters sent, String thumbprint) {
        return Future.succeededFuture(sent)
            .map(PushedRequests::requireNoReference)
            .compose(form -> checks.readPushed(clientId, form))
            .map(form -> requireShort(read(FormParameters.parse(parameters(clientId, requireNoReference(form), thumbprint)))))
            .compose(parameters -> checks.checkPushed(FormParameters.parse(parameters), null)
                .recover(failure -> Future.failedFuture(toClient(failure)))
                .compose(valid -> store(clientId, parameters)));
    }

    private static String requireShort(String parameters) {
        if (parameters.length() > LONGEST) {
            throw new OAuthException(OAuthErrorCode.REQUEST_TOO_LONG, "The parameters of the request are too long");
        }
        return parameters;
    }

    private Future<String> store(String clientId, String parameters) {
        String reference = SecretToken.generate("");
        return store.push(SecretToken.hash(reference), clientId, parameters, clock.millis() + options.lifetimeSeconds() * 1000)
            .map(PREFIX + reference);
    }

    private static FormParameters requireNoReference(FormParameters form) {
        if (form.has("request_uri")) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "A request_uri cannot be pushed (RFC 9126 section 2.1)");
        }
        return form;
    }

    private static String parameters(String clientId, FormParameters form, String thumbprint) {
        String sentThumbprint = form.single("dpop_jkt");
        if (thumbprint != null && sentThumbprint != null && !sentThumbprint.equals(thumbprint)) {
            throw new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF, "The key of the DPoP proof differs from dpop_jkt");
        }
        String others = form.names().stream().filter(name -> !CREDENTIALS.contains(name) && !name.equals("client_id"))
            .filter(name -> thumbprint == null || !name.equals("dpop_jkt"))
            .flatMap(name -> form.all(name).stream().map(value -> pair(name, value)))
            .collect(Collectors.joining("&"));
        String client = pair("client_id", clientId) + (thumbprint == null ? "" : "&" + pair("dpop_jkt", thumbprint));
        return others.isEmpty() ? client : client + "&" + others;
    }

    /** Keeps only supported parameters. */
    private static String read(FormParameters checked) {
        return checked.names().stream().filter(AuthorizationChecks.PARAMETERS::contains)
            .flatMap(name -> checked.all(name).stream().map(value -> pair(name, value))).collect(Collectors.joining("&"));
    }

    private static String pair(String name, String value) {
        return FormParameters.encode(name) + '=' + FormParameters.encode(value);
    }

    /** The response of this endpoint carries the errors that the authorization endpoint returns by a redirect (§2.3). */
    private static Throwable toClient(Throwable failure) {
        return failure instanceof AuthorizationException refusal
            ? new OAuthException(refusal.code(), refusal.description()) : failure;
    }

    /** Returns whether a request refers to a pushed request; any other {@code request_uri} is never fetched. */
    public static boolean isNamed(FormParameters parameters) {
        String uri = parameters.single("request_uri");
        return uri != null && uri.startsWith(PREFIX);
    }

    /**
     * Loads a pushed request. All parameters except {@code client_id} and {@code request_uri} are ignored (§4).
     *
     * @return the checked request; fails with {@code invalid_request_uri} if this client has no such request any more
     */
    public Future<ValidRequest> resume(FormParameters parameters) {
        String hash = SecretToken.hash(parameters.single("request_uri").substring(PREFIX.length()));
        return store.find(hash, parameters.required("client_id"), clock.millis())
            .map(found -> found.orElseThrow(() -> new OAuthException(OAuthErrorCode.INVALID_REQUEST_URI,
                "The request has expired or was already answered. Go back to the application and start again")))
            .compose(pushed -> checks.checkPushed(FormParameters.parse(pushed), hash));
    }

    /**
     * The options of pushed authorization requests (RFC 9126).
     *
     * @param required whether every authorization request must be pushed
     * @param lifetimeSeconds lifetime of a pushed request
     */
    public record PushedRequestOptions(boolean required, long lifetimeSeconds) {
    }
}
