package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpAnswer;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.Map;

/** Token requests to one authorization server by one client. */
final class TokenRequests {

    private final HttpCaller http;
    private final Clock clock;
    private final AuthorizationServer server;
    private final ClientAuthentication authentication;
    private final DpopKey dpop;

    /** @param dpop the key to bind tokens to, or null for bearer tokens */
    TokenRequests(HttpCaller http, Clock clock, AuthorizationServer server, ClientAuthentication authentication, DpopKey dpop) {
        this.http = http;
        this.clock = clock;
        this.server = server;
        this.authentication = authentication;
        this.dpop = dpop;
    }

    /** Requests a token. Fails with {@link OAuthFailure} that has the server's {@code error}. */
    Future<TokenSet> request(Map<String, String> parameters) {
        return exchange(parameters, true).map(answer -> {
            if (answer.status() != 200) {
                throw refusal("The authorization server " + server.name() + " refused the token request", answer);
            }
            JsonObject body = answer.json().orElseThrow(() -> OAuthFailure.protocol("The token endpoint's answer is not a JSON object."));
            return TokenSet.of(body, parameters.get("scope"), clock.instant());
        });
    }

    private Future<HttpAnswer> exchange(Map<String, String> parameters, boolean first) {
        // Client assertions and proofs are for one request each.
        HttpCall call = authentication.authenticate(server, parameters, clock.instant());
        HttpCall proven = dpop == null ? call : dpop.prove(call, null, clock.instant());
        return http.call(proven).compose(answer -> dpop != null && dpop.takeNonce(call.url(), answer.headers()) && first && asksForNonce(answer)
            ? exchange(parameters, false) : Future.succeededFuture(answer));
    }

    private static boolean asksForNonce(HttpAnswer answer) {
        return answer.json().filter(body -> OAuthErrorCode.USE_DPOP_NONCE.wireName().equals(body.getValue("error"))).isPresent();
    }

    /** Describes the error answer of an OAuth endpoint (RFC 6749 §5.2). */
    static OAuthFailure refusal(String what, HttpAnswer answer) {
        JsonObject body = answer.json().orElseGet(JsonObject::new);
        String error = Members.text(body, "error");
        String description = Members.text(body, "error_description");
        return new OAuthFailure(OAuthFailure.Kind.REFUSED, what + ": " + VisibleText.of(error == null ? "status " + answer.status()
            : error + (description == null ? "" : " (" + description + ")")), error);
    }
}
