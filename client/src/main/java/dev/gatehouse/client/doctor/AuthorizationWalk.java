package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.CodeChallenge;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Registers as known clients do and asks for authorization up to the login page. Deletes its registrations where the server has that (RFC 7592). */
final class AuthorizationWalk {

    static final String REDIRECT_URI = "http://127.0.0.1:51735/callback";
    static final String OTHER_PORT = "http://127.0.0.1:51736/callback";
    static final String OTHER_REDIRECT = "https://gatehouse-doctor.example/callback";
    static final String DOCTOR = "loopback";
    private static final int MOST_REDIRECTS = 6;

    private final Recorder recorder;
    private final URI server;
    private final Walk walk;

    AuthorizationWalk(Recorder recorder, URI server, Walk walk) {
        this.recorder = recorder;
        this.server = server;
        this.walk = walk;
    }

    /** Registers as the doctor, and as each client. */
    Future<?> register(Collection<ClientProfile> clients) {
        return walk.endpoint("registration_endpoint").<Future<?>>map(endpoint ->
            recorder.call(Step.REGISTRATION_PREFLIGHT, Walk.preflight(endpoint, "POST", "content-type"))
                .compose(done -> recorder.call(Step.REGISTRATION + DOCTOR, HttpCall.postJson(endpoint, registration(REDIRECT_URI))))
                .compose(done -> recorder.call(Step.REGISTRATION_BROWSER, HttpCall.postJson(endpoint, registration(REDIRECT_URI)).with("Origin", Walk.BROWSER_ORIGIN)))
                .compose(done -> recorder.call(Step.REGISTRATION_BAD_REDIRECT, HttpCall.postJson(endpoint, registration("javascript:alert(1)"))))
                .compose(done -> eachClient(clients, endpoint))).orElseGet(Future::succeededFuture);
    }

    private Future<?> eachClient(Collection<ClientProfile> clients, URI endpoint) {
        Map<String, JsonObject> bodies = new LinkedHashMap<>();
        JsonObject metadata = recorder.evidence(server).authorizationServer().orElseGet(JsonObject::new);
        clients.stream().filter(client -> client.registration() != null).forEach(client -> bodies.put(client.id(), client.registration(metadata)));
        return Walk.each(bodies.keySet(), id -> recorder.call(Step.REGISTRATION + id, HttpCall.postJson(endpoint, bodies.get(id))));
    }

    static JsonObject registration(String redirectUri) {
        return new JsonObject().put("client_name", "Gatehouse doctor").put("redirect_uris", JsonArray.of(redirectUri)).put("response_types", JsonArray.of("code"))
            .put("grant_types", JsonArray.of("authorization_code", "refresh_token")).put("token_endpoint_auth_method", "none");
    }

    /** Deletes what was registered. */
    Future<?> unregister() {
        Future<?> all = Future.succeededFuture();
        for (Exchange registered : recorder.evidence(server).exchanges()) {
            Optional<JsonObject> body = registered.step().startsWith(Step.REGISTRATION) ? registered.json() : Optional.empty();
            Optional<URI> address = body.flatMap(json -> Evidence.text(json, "registration_client_uri")).flatMap(walk::reachable);
            Optional<String> token = body.flatMap(json -> Evidence.text(json, "registration_access_token"));
            if (address.isPresent() && token.isPresent()) {
                HttpCall delete = new HttpCall(HttpMethod.DELETE, address.get(), Recorder.headers("Authorization", "Bearer " + token.get()), null);
                all = all.compose(done -> recorder.call(Step.UNREGISTRATION, delete));
            }
        }
        return all;
    }

    /** The client to ask for authorization as: the configured one, else the one that was registered. */
    static Optional<String> clientId(Evidence evidence, String configured) {
        return configured != null ? Optional.of(configured)
            : evidence.first(Step.REGISTRATION + DOCTOR).flatMap(Exchange::json).flatMap(json -> Evidence.text(json, "client_id"));
    }

    /** Asks for authorization, rightly and wrongly. */
    Future<?> authorize(String configuredClient) {
        Evidence evidence = recorder.evidence(server);
        Optional<URI> endpoint = walk.endpoint("authorization_endpoint");
        Optional<String> client = clientId(evidence, configuredClient);
        if (endpoint.isEmpty() || client.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<String, String> right = request(evidence, client.get());
        return follow(Step.AUTHORIZE, url(endpoint.get(), right), new LinkedHashMap<>(), 0)
            .compose(done -> recorder.call(Step.AUTHORIZE_OTHER_PORT, page(url(endpoint.get(), with(right, "redirect_uri", OTHER_PORT)))))
            .compose(done -> recorder.call(Step.AUTHORIZE_OTHER_REDIRECT, page(url(endpoint.get(), with(right, "redirect_uri", OTHER_REDIRECT)))))
            .compose(done -> recorder.call(Step.AUTHORIZE_WITHOUT_PKCE, page(url(endpoint.get(), with(with(right, "code_challenge", null),
                "code_challenge_method", null)))))
            .compose(done -> recorder.call(Step.AUTHORIZE_ERROR, page(url(endpoint.get(), with(right, "response_type", "gatehouse-doctor")))));
    }

    /** Asks for authorization as the client of a hosted document, up to the login page. */
    Future<?> authorizeBy(HostedDocument document) {
        String clientId = document.clientId(REDIRECT_URI);
        return walk.endpoint("authorization_endpoint").<Future<?>>map(endpoint ->
            follow(Step.AUTHORIZE_DOCUMENT, url(endpoint, request(recorder.evidence(server), clientId)), new LinkedHashMap<>(), 0)).orElseGet(Future::succeededFuture);
    }

    private static Map<String, String> request(Evidence evidence, String clientId) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", clientId);
        parameters.put("redirect_uri", REDIRECT_URI);
        String scope = Walk.scope(evidence);
        if (!scope.isEmpty()) {
            parameters.put("scope", scope);
        }
        parameters.put("state", SecretToken.generate(""));
        parameters.put("code_challenge", CodeChallenge.s256(SecretToken.generate("")));
        parameters.put("code_challenge_method", "S256");
        parameters.put("resource", evidence.resource().flatMap(document -> Evidence.text(document, "resource")).orElse(evidence.server().toString()));
        return parameters;
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    private static URI url(URI endpoint, Map<String, String> parameters) {
        return URI.create(FormParameters.addTo(endpoint.toString(), parameters));
    }

    private static HttpCall page(URI url) {
        return HttpCall.get(url, "text/html");
    }

    /** Follows the server's redirects with its cookies, as a browser does, up to a page or to the client's redirect URI. */
    private Future<?> follow(String step, URI url, Map<String, String> cookies, int redirects) {
        HttpCall call = page(url);
        if (!cookies.isEmpty()) {
            call = call.with("Cookie", String.join("; ", cookies.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList()));
        }
        return recorder.call(step, call).compose(answer -> {
            answer.all("set-cookie").stream().map(cookie -> cookie.split(";", 2)[0].split("=", 2)).filter(pair -> pair.length == 2)
                .forEach(pair -> cookies.put(pair[0], pair[1]));
            String to = answer.header("location");
            boolean follows = answer.status() / 100 == 3 && !to.isEmpty() && !to.startsWith(REDIRECT_URI) && redirects < MOST_REDIRECTS;
            Optional<URI> next = follows ? resolve(url, to) : Optional.empty();
            // Cookies stay with their server: a redirect to another one ends the walk.
            return next.filter(target -> target.getAuthority().equals(url.getAuthority()))
                .<Future<?>>map(target -> follow(step, target, cookies, redirects + 1)).orElseGet(Future::succeededFuture);
        });
    }

    private Optional<URI> resolve(URI base, String location) {
        try {
            return walk.reachable(base.resolve(location).toString());
        } catch (IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }
}
