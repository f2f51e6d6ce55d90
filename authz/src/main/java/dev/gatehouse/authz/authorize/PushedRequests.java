package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Authorization requests that clients send to this server themselves, and browsers then only name (RFC 9126). A request is
 * answered once; until then a browser may bring it as often as somebody reloads the page.
 */
public final class PushedRequests {

    private static final String PREFIX = "urn:ietf:params:oauth:request_uri:";
    /** What proves who the client is has done its work when the request is stored. */
    private static final Set<String> CREDENTIALS = Set.of("client_secret", "client_assertion", "client_assertion_type");

    /** Of a request in a form, in characters: more than any that a browser could bring. */
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

    /** How long a browser may take to bring a request, in seconds. */
    public long lifetimeSeconds() {
        return options.lifetimeSeconds();
    }

    /**
     * Checks a request as the authorization endpoint would, and stores it.
     *
     * @param thumbprint of the key that the client proved to hold, which the code is then bound to (RFC 9449 §10.1); or null
     * @return its {@code request_uri}; or what is wrong, for the client to know
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
            throw new OAuthException(OAuthErrorCode.REQUEST_TOO_LONG, "The request has parameters that are too long");
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
            throw new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF, "The proof is by another key than dpop_jkt names");
        }
        String others = form.names().stream().filter(name -> !CREDENTIALS.contains(name) && !name.equals("client_id"))
            .filter(name -> thumbprint == null || !name.equals("dpop_jkt"))
            .flatMap(name -> form.all(name).stream().map(value -> pair(name, value)))
            .collect(Collectors.joining("&"));
        String client = pair("client_id", clientId) + (thumbprint == null ? "" : "&" + pair("dpop_jkt", thumbprint));
        return others.isEmpty() ? client : client + "&" + others;
    }

    /** Whatever else was sent would be kept for nothing. */
    private static String read(FormParameters checked) {
        return checked.names().stream().filter(AuthorizationChecks.PARAMETERS::contains)
            .flatMap(name -> checked.all(name).stream().map(value -> pair(name, value))).collect(Collectors.joining("&"));
    }

    private static String pair(String name, String value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8) + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** What the authorization endpoint would tell by a redirect is told in the answer (§2.3). */
    private static Throwable toClient(Throwable failure) {
        return failure instanceof AuthorizationException refusal
            ? new OAuthException(refusal.code(), refusal.description()) : failure;
    }

    /** Whether a request names one that was pushed; a {@code request_uri} of another form is never fetched. */
    public static boolean isNamed(FormParameters parameters) {
        String uri = parameters.single("request_uri");
        return uri != null && uri.startsWith(PREFIX);
    }

    /**
     * Takes up a pushed request. All parameters but {@code client_id} and {@code request_uri} are ignored (§4).
     *
     * @return the checked request; or {@code invalid_request_uri} when there is none for this client, or not any more
     */
    public Future<ValidRequest> resume(FormParameters parameters) {
        String hash = SecretToken.hash(parameters.single("request_uri").substring(PREFIX.length()));
        return store.find(hash, parameters.required("client_id"), clock.millis())
            .map(found -> found.orElseThrow(() -> new OAuthException(OAuthErrorCode.INVALID_REQUEST_URI,
                "The request has expired or has been answered. Go back to the application and start again")))
            .compose(pushed -> checks.checkPushed(FormParameters.parse(pushed), hash));
    }

    /**
     * Authorization requests that are pushed first (RFC 9126).
     *
     * @param required whether there is no other way in
     * @param lifetimeSeconds how long one may wait for its browser
     */
    public record PushedRequestOptions(boolean required, long lifetimeSeconds) {

        public static PushedRequestOptions of(JsonObject json, boolean demo) {
            return new PushedRequestOptions(json.getBoolean("required", false), json.getLong("lifetimeSeconds", 60L));
        }
    }
}
