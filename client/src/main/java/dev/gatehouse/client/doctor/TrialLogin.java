package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.AuthorizationServer;
import dev.gatehouse.client.oauth.LoopbackCallback;
import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.client.oauth.UserInteraction;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logs in as a native client with a person at the browser, and records the response and each token request. */
final class TrialLogin {

    private final Vertx vertx;
    private final Recorder recorder;
    private final Walk walk;
    private final UserInteraction interaction;
    private final Duration wait;

    TrialLogin(Vertx vertx, Recorder recorder, Walk walk, UserInteraction interaction, Duration wait) {
        this.vertx = vertx;
        this.recorder = recorder;
        this.walk = walk;
        this.interaction = interaction;
        this.wait = wait;
    }

    /** A client as the server knows it. */
    private record Registered(String id, Optional<String> secret) {
    }

    /**
     * Logs in, refreshes, and returns the value of the {@code Authorization} header; empty when no token was issued.
     *
     * @param hosted the documents to register by, or null to register dynamically
     */
    Future<Optional<String>> run(Evidence evidence, String configuredClient, HostedDocument hosted) {
        Optional<JsonObject> document = evidence.authorizationServer();
        Optional<URI> token = walk.endpoint("token_endpoint");
        if (document.isEmpty() || token.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        AuthorizationServer server = new AuthorizationServer(evidence.issuer().orElse(null), document.get());
        return LoopbackCallback.listen(vertx, null).compose(callback -> client(callback.redirectUri(), configuredClient, hosted)
            .compose(client -> client.isEmpty() ? Future.succeededFuture(Optional.<String>empty()) : logIn(evidence, server, token.get(), client.get(), callback))
            .eventually(callback::close));
    }

    /** A configured client, else that of a document, else a registered one: the order of the specification of MCP. */
    private Future<Optional<Registered>> client(String redirectUri, String configuredClient, HostedDocument hosted) {
        if (configuredClient != null) {
            return Future.succeededFuture(Optional.of(new Registered(configuredClient, Optional.empty())));
        }
        if (hosted != null) {
            return Future.succeededFuture(Optional.of(new Registered(hosted.clientId(redirectUri), Optional.empty())));
        }
        return walk.endpoint("registration_endpoint").map(endpoint ->
            recorder.call(Step.REGISTRATION + "login", HttpCall.postJson(endpoint, AuthorizationWalk.registration(redirectUri))).map(answer ->
                answer.json().filter(body -> answer.status() / 100 == 2).flatMap(body -> Evidence.text(body, "client_id")
                    .map(id -> new Registered(id, Evidence.text(body, "client_secret"))))))
            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Optional<String>> logIn(Evidence evidence, AuthorizationServer server, URI token, Registered client, LoopbackCallback callback) {
        String resource = evidence.resource().flatMap(metadata -> Evidence.text(metadata, "resource")).orElse(evidence.server().toString());
        String scope = Walk.scope(evidence);
        return Future.succeededFuture().map(start -> LoginRequest.create(server, client.id(), callback.redirectUri(), resource, scope.isEmpty() ? null : scope))
            .compose(request -> {
                Future<Map<String, String>> response = response(callback, request.state());
                return interaction.open(request).compose(opened -> response)
                    .compose(parameters -> request.state().equals(parameters.get("state")) ? redeem(token, client, request, parameters) : Future.succeededFuture(Optional.empty()));
            })
            .recover(failure -> {
                responded(callback.redirectUri(), failure instanceof OAuthFailure refusal ? refusal.getMessage() : "no authorization response: " + failure.getMessage());
                return Future.succeededFuture(Optional.empty());
            });
    }

    /** The first response at the redirect URI, which ends the wait even without the state of the request: a server that loses it sends no other. */
    private Future<Map<String, String>> response(LoopbackCallback callback, String state) {
        Promise<Map<String, String>> first = Promise.promise();
        callback.response(state).onSuccess(first::tryComplete);
        callback.strayResponse().onSuccess(first::tryComplete);
        long timer = vertx.setTimer(wait.toMillis(), late -> first.tryFail("the browser did not come to " + callback.redirectUri() + " within " + wait.toSeconds() + " seconds"));
        return first.future().onComplete(ended -> vertx.cancelTimer(timer)).onSuccess(parameters ->
            responded(callback.redirectUri() + "?" + FormParameters.encode(parameters), stateFault(state, parameters.get("state"))));
    }

    private static String stateFault(String expected, String actual) {
        return expected.equals(actual) ? "" : actual == null ? "the response has no state" : "the response has another state than the request";
    }

    private void responded(String url, String failure) {
        recorder.add(new Exchange(Step.AUTHORIZATION_RESPONSE, "GET", url, Map.of(), "", 0, Map.of(), "", failure));
    }

    private Future<Optional<String>> redeem(URI token, Registered client, LoginRequest request, Map<String, String> response) {
        if (!response.containsKey("code")) {
            return Future.succeededFuture(Optional.empty());
        }
        Map<String, String> redemption = authenticated(client, request.redemption(response.get("code")));
        return recorder.call(Step.TOKEN, HttpCall.postForm(token, redemption)).compose(answer -> {
            Optional<JsonObject> issued = answer.document();
            return issued.flatMap(body -> Evidence.text(body, "refresh_token")).<Future<Optional<Exchange>>>map(refreshToken ->
                    recorder.call(Step.TOKEN_REFRESH, HttpCall.postForm(token, refresh(client, refreshToken, request.resource()))).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .map(refreshed -> refreshed.flatMap(Exchange::document).or(() -> issued).flatMap(TrialLogin::header));
        });
    }

    /** Redeems the code again. It comes last, because it revokes the tokens. */
    Future<?> replay() {
        List<Exchange> requests = walk.evidence().all(Step.TOKEN);
        return requests.isEmpty() || requests.get(0).document().isEmpty() ? Future.succeededFuture()
            : recorder.call(Step.TOKEN_REPLAY, HttpCall.postForm(URI.create(requests.get(0).url()),
                Exchange.parameters(requests.get(0).requestBody())));
    }

    private static Map<String, String> refresh(Registered client, String refreshToken, String resource) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "refresh_token");
        parameters.put("refresh_token", refreshToken);
        parameters.put("resource", resource);
        return authenticated(client, parameters);
    }

    private static Map<String, String> authenticated(Registered client, Map<String, String> parameters) {
        parameters.put("client_id", client.id());
        client.secret().ifPresent(secret -> parameters.put("client_secret", secret));
        return parameters;
    }

    private static Optional<String> header(JsonObject token) {
        return Evidence.text(token, "access_token").map(value -> "Bearer " + value);
    }
}
