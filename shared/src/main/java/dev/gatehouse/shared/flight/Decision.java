package dev.gatehouse.shared.flight;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.core.json.JsonObject;

import java.util.Map;
import java.util.Set;

/**
 * The decision of a server about one request of a login. Pure.
 *
 * @param step the step of the login
 * @param outcome accepted, refused, or postponed: the server asked for something that a login needs in any case
 * @param error the error code; empty when there is none
 * @param reason the reason of a refusal, for the author of a client
 * @param clause the clause of the specification
 * @param advice the change to make after a refusal
 */
public record Decision(String step, Outcome outcome, String error, String reason, String clause, String advice) {

    /** The kinds of decisions. */
    public enum Outcome {
        /** The request was right. */
        ACCEPTED("accepted"),
        /** The request was wrong. */
        REFUSED("refused"),
        /** A challenge, or a poll before the user decided. */
        POSTPONED("postponed");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    private static final String TOKEN_ERRORS = "RFC 6749 §5.2";
    private static final Set<String> EXPECTED = Set.of("authorization_pending", "use_dpop_nonce");
    private static final Map<String, String> ADVICE = Map.ofEntries(
        Map.entry("invalid_client", "Register the client, or send the client_id and the secret of its registration in the registered way."),
        Map.entry("invalid_grant", "Redeem a code or refresh token once, in time, as the client that got it, with the same redirect_uri and the code_verifier of its code_challenge."),
        Map.entry("invalid_redirect_uri", "Register absolute redirect URIs: https, loopback http, or a scheme of the application."),
        Map.entry("invalid_client_metadata", "Correct the member of the registration that the description names."),
        Map.entry("unauthorized_client", "Register the client for this grant type."),
        Map.entry("unsupported_grant_type", "Use a grant type of grant_types_supported in the metadata."),
        Map.entry("unsupported_response_type", "Send response_type=code."),
        Map.entry("invalid_scope", "Request scopes of scopes_supported that the client is registered for."),
        Map.entry("invalid_target", "Send the resource of the protected resource metadata, to the letter."),
        Map.entry("invalid_token", "Refresh the token or log in again, and send it whole as Authorization: Bearer."),
        Map.entry("insufficient_scope", "Log in again with the scopes of the challenge."),
        Map.entry("invalid_dpop_proof", "Sign a new proof for each request, with its method, URL and token."),
        Map.entry("access_denied", "The user refused; ask again only when the user wants it."),
        Map.entry("login_required", "Repeat the request without prompt=none."),
        Map.entry("consent_required", "Repeat the request without prompt=none."),
        Map.entry("expired_token", "Start the device flow again."),
        Map.entry("slow_down", "Wait longer between requests."),
        Map.entry("temporarily_unavailable", "Repeat the request later."),
        Map.entry("server_error", "See the log of the server."));
    private static final Map<String, String> CLAUSES = Map.ofEntries(
        Map.entry("mcp.anonymous", "RFC 9728 §5.1"), Map.entry("resourceMetadata", "RFC 9728 §3"), Map.entry("serverMetadata", "RFC 8414 §3"),
        Map.entry("keys", "RFC 7517 §5"), Map.entry("registration", "RFC 7591 §3"), Map.entry("authorize", "RFC 6749 §4.1.1"),
        Map.entry("authorize.pushed", "RFC 9126 §2"), Map.entry("authorize.response", "RFC 6749 §4.1.2"), Map.entry("token", "RFC 6749 §5"),
        Map.entry("token.refresh", "RFC 6749 §6"), Map.entry("device", "RFC 8628 §3.2"), Map.entry("token.device_code", "RFC 8628 §3.5"),
        Map.entry("mcp", "RFC 6750 §2.1"), Map.entry("userinfo", "OpenID Connect Core 1.0 §5.3"));

    /**
     * {@return the decision that an answer shows}
     *
     * @param exchange a request of a login and its answer
     * @param knownError the error code of an answer that is a page; may be null
     * @param reason the reason that the server logs; may be null
     */
    static Decision of(Exchange exchange, String knownError, String reason) {
        String error = exchange.error().orElse(knownError == null ? "" : knownError);
        Outcome outcome = exchange.step().equals(ServedStep.ANONYMOUS) && exchange.status() == 401 || EXPECTED.contains(error) ? Outcome.POSTPONED
            : exchange.status() >= 400 || exchange.status() == 0 || !error.isEmpty() ? Outcome.REFUSED : Outcome.ACCEPTED;
        if (outcome != Outcome.REFUSED) {
            return new Decision(exchange.step(), outcome, error, "", clause(exchange.step()), "");
        }
        String why = reason != null ? reason : exchange.json().map(json -> json.getString("error_description", "")).orElse("");
        return new Decision(exchange.step(), outcome, error.isEmpty() ? Integer.toString(exchange.status()) : error, why.startsWith(error + ": ")
            ? why.substring(error.length() + 2) : why, clause(exchange.step(), error), ADVICE.getOrDefault(error, "Correct the request as the reason says."));
    }

    /** The codes of RFC 6749 have one clause for the token endpoint and one for the authorization endpoint. */
    private static String clause(String step, String error) {
        String clause = OAuthErrorCode.clauseOf(error).orElse(clause(step));
        return clause.equals(TOKEN_ERRORS) && step.startsWith(ServedStep.AUTHORIZE) ? "RFC 6749 §4.1.2.1" : clause;
    }

    /** The clause of a step, or of the longest beginning of its name that has one. */
    private static String clause(String step) {
        for (String name = step; ; name = name.substring(0, name.lastIndexOf('.'))) {
            if (CLAUSES.containsKey(name) || name.lastIndexOf('.') < 0) {
                return CLAUSES.getOrDefault(name, "");
            }
        }
    }

    boolean isRefusal() {
        return outcome == Outcome.REFUSED;
    }

    JsonObject toJson(Redaction redaction) {
        JsonObject json = new JsonObject().put("step", step).put("outcome", outcome.word).put("clause", clause);
        return isRefusal() ? json.put("error", error).put("reason", redaction.text(reason)).put("advice", advice) : json;
    }
}
