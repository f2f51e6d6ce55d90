package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The token endpoint: its errors, and after a login its tokens. */
final class TokenChecks {

    private static final String SUCCESS = "RFC 6749 §5.1";

    static final List<Check> ALL = List.of(
        new Check("token-reachable", "The token endpoint answers", "RFC 6749 §3.2", Breaks.ALL, "Serve the endpoint at the URL that the metadata names.",
            Check.of(Step.TOKEN_INVALID_CODE, answer -> Outcome.when(answer.status() != 0 && answer.status() != 404 && answer.status() != 405 && answer.status() / 100 != 3,
                answer.summary()))),
        new Check("token-form", "The token endpoint takes forms", "RFC 6749 §4.1.3", Breaks.ALL, "Read application/x-www-form-urlencoded.",
            Check.of(Step.TOKEN_INVALID_CODE, answer -> Outcome.when(answer.status() != 415, answer.summary()))),
        new Check("token-error", "An invalid code gets an error in JSON", "RFC 6749 §5.2", Set.of("typescript-sdk", "inspector", "mcp-remote", "claude-code"),
            "Answer 400 with {\"error\": \"invalid_grant\"}; 401 with invalid_client for an unknown client.",
            Check.of(Step.TOKEN_INVALID_CODE, answer -> List.of(0, 404, 405, 415).contains(answer.status()) || answer.status() / 100 == 3 ? Check.NOT_REACHED
                : Outcome.when((answer.status() == 400 || answer.status() == 401) && answer.json().flatMap(json -> Evidence.text(json, "error")).isPresent(), answer.summary()))),
        new Check("token-error-type", "The error's media type is application/json", "RFC 6749 §5.2", Set.of("python-sdk"), "Send Content-Type: application/json.",
            Check.of(Step.TOKEN_INVALID_CODE, answer -> answer.json().isEmpty() ? Check.NOT_REACHED : Outcome.when(answer.mediaType().equals("application/json"), answer.summary()))),
        new Check("login", "The login returns a code to the client", "RFC 6749 §4.1.2", Breaks.ALL,
            "After the login, redirect the browser to the redirect_uri of the request with a code, or with an error that says why there is none.",
            Check.of(Step.AUTHORIZATION_RESPONSE, answer -> Outcome.when(parameters(answer).containsKey("code"),
                answer.failure().isEmpty() ? "error=" + parameters(answer).get("error") : answer.failure()))),
        new Check("login-state", "The authorization response has the state of the request", "RFC 6749 §4.1.2", Breaks.ALL,
            "Return state as the request has it, to the letter, through each page and redirect of the login.",
            Check.of(Step.AUTHORIZATION_RESPONSE, answer -> parameters(answer).isEmpty() ? Check.NOT_REACHED : Outcome.when(answer.failure().isEmpty(), answer.failure()))),
        new Check("login-issuer", "The authorization response names the issuer", "RFC 9207 §2", Set.of("chatgpt", "python-sdk"),
            AuthorizeChecks.ADD_ISSUER,
            evidence -> Check.of(Step.AUTHORIZATION_RESPONSE, answer -> parameters(answer).isEmpty() ? Check.NOT_REACHED : AuthorizeChecks.issuer(evidence, parameters(answer).get("iss")))
                .apply(evidence)),
        new Check("token-issued", "The code gets a token", SUCCESS, Breaks.ALL, "Answer 200 with access_token; the error says what was refused.",
            Check.of(Step.TOKEN, answer -> Outcome.when(answer.document().flatMap(json -> Evidence.text(json, "access_token")).isPresent(), RegistrationChecks.seen(answer)))),
        new Check("token-type", "token_type is Bearer or DPoP", SUCCESS + ", §7.1", Breaks.ALL, "Add \"token_type\": \"Bearer\".",
            issued((evidence, token) -> Outcome.when(token.getValue("token_type") instanceof String type && List.of("bearer", "dpop").contains(type.toLowerCase(Locale.ROOT)),
                "token_type is " + token.getValue("token_type")))),
        new Check("token-lifetime", "expires_in is a number", SUCCESS, Set.of("python-sdk", "vscode"), "Add \"expires_in\", a number of seconds: clients refresh by it.",
            issued((evidence, token) -> Outcome.when(token.getValue("expires_in") instanceof Number, "expires_in is " + token.getValue("expires_in")))),
        new Check("token-no-store", "The token response is not cached", SUCCESS, Breaks.NONE, "Send Cache-Control: no-store.",
            Check.of(Step.TOKEN, answer -> answer.document().isEmpty() ? Check.NOT_REACHED : Outcome.when(answer.header("cache-control").contains("no-store"),
                "Cache-Control: " + answer.header("cache-control")))),
        new Check("token-audience", "The token is for the resource", "RFC 8707 §2; MCP 2025-11-25, token audience binding", Breaks.NONE,
            "Put the requested resource into aud.", issued((evidence, token) -> claims(token.getString("access_token")).map(claims -> audience(evidence, claims))
                .orElse(Outcome.skipped("the token is not a JWT")))),
        new Check("token-scope", "The token has the requested scopes", SUCCESS + ", scope", Breaks.NONE, "Grant the scopes that the resource asks for, or say in scope which ones were granted.",
            issued((evidence, token) -> {
                String requested = Walk.scope(evidence);
                List<String> granted = List.of(token.getString("scope", requested).split(" "));
                List<String> missing = List.of(requested.split(" ")).stream().filter(scope -> !scope.isEmpty() && !granted.contains(scope)).toList();
                return Outcome.when(missing.isEmpty(), "not granted: " + missing);
            })),
        new Check("token-refresh", "A refresh token is issued", "OAuth 2.1 §4.3", Breaks.NONE, "Issue refresh tokens to clients that register the grant; else users log in again at each expiry.",
            issued((evidence, token) -> Outcome.when(Evidence.text(token, "refresh_token").isPresent(), "no refresh_token"))),
        new Check("refresh-works", "The refresh token gets a new access token", "RFC 6749 §6", Breaks.ALL, "Take refresh_token with client_id and resource.",
            Check.of(Step.TOKEN_REFRESH, answer -> Outcome.when(answer.document().flatMap(json -> Evidence.text(json, "access_token")).isPresent(), RegistrationChecks.seen(answer)))),
        new Check("code-once", "A code works once", "OAuth 2.1 §4.1.3", Breaks.NONE, "Refuse a code that was used, and revoke its tokens.",
            Check.of(Step.TOKEN_REPLAY, answer -> Outcome.when(answer.status() / 100 == 4, answer.summary()))));

    private TokenChecks() {
    }

    private static Map<String, String> parameters(Exchange response) {
        return Exchange.query(response.url());
    }

    private static Function<Evidence, Outcome> issued(BiFunction<Evidence, JsonObject, Outcome> rule) {
        return evidence -> evidence.first(Step.TOKEN).flatMap(Exchange::document).filter(token -> Evidence.text(token, "access_token").isPresent())
            .map(token -> rule.apply(evidence, token)).orElse(Check.NOT_REACHED);
    }

    private static Outcome audience(Evidence evidence, JsonObject claims) {
        Object audience = claims.getValue("aud");
        List<?> all = audience instanceof JsonArray list ? list.getList() : audience == null ? List.of() : List.of(audience);
        String resource = evidence.resource().flatMap(document -> Evidence.text(document, "resource")).orElse(evidence.server().toString());
        return Outcome.when(all.contains(resource), "aud is " + audience + " for " + resource);
    }

    private static Optional<JsonObject> claims(String token) {
        String[] parts = token.split("\\.");
        try {
            return parts.length == 3 ? Optional.of(new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[1])))) : Optional.empty();
        } catch (IllegalArgumentException | DecodeException notAJwt) {
            return Optional.empty();
        }
    }
}
