package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The authorization endpoint, up to the login page. */
final class AuthorizeChecks {

    static final String ADD_ISSUER = "Add iss to every response, errors included, equal to the issuer of the metadata. A server that cannot do so must not promise it by "
        + "authorization_response_iss_parameter_supported.";

    static final List<Check> ALL = List.of(
        new Check("authorize-page", "The authorization request leads to a page", "RFC 6749 §3.1", Breaks.ALL,
            "Show a login page for a correct request.",
            last(answer -> isBackAtClient(answer) || answer.status() / 100 == 3 ? Check.NOT_REACHED : Outcome.when(answer.status() == 200 && answer.mediaType().contains("html"), answer.summary()))),
        new Check("authorize-accepted", "A correct request is not refused", "RFC 6749 §4.1.2.1", Breaks.ALL,
            "Take scope, resource, PKCE and redirect URI as the metadata offers them; the error says which one was refused.",
            last(answer -> Outcome.when(!isBackAtClient(answer) || !response(answer).containsKey("error"), "error=" + response(answer).get("error")
                + Optional.ofNullable(response(answer).get("error_description")).map(text -> " (" + text + ")").orElse("")))),
        new Check("authorize-framing", "The login page cannot be framed", "RFC 9700 §4.16; RFC 6749 §10.13", Breaks.NONE,
            "Send Content-Security-Policy: frame-ancestors 'none' or X-Frame-Options: DENY with it.",
            last(answer -> answer.status() != 200 ? Check.NOT_REACHED : Outcome.when(answer.header("content-security-policy").contains("frame-ancestors")
                || !answer.header("x-frame-options").isEmpty(), "neither header"))),
        new Check("authorize-any-port", "A loopback redirect URI is taken with any port", "RFC 8252 §7.3", Breaks.ANY_PORT,
            "Compare loopback redirect URIs without their port.",
            Check.of(Step.AUTHORIZE_OTHER_PORT, answer -> Outcome.when(answer.status() < 400, answer.summary()))),
        new Check("authorize-redirect-uri", "An unregistered redirect URI gets no redirect", "RFC 9700 §4.1.3; OAuth 2.1 §7.5.3", Breaks.NONE,
            "Compare redirect URIs exactly, and show an error page.",
            Check.of(Step.AUTHORIZE_OTHER_REDIRECT, answer -> Outcome.when(!answer.header("location").startsWith(AuthorizationWalk.OTHER_REDIRECT)
                && !showsLogin(answer), answer.summary()))),
        new Check("authorize-pkce-required", "A request without a code challenge is refused", "OAuth 2.1 §4.1.1; MCP 2025-11-25, authorization code protection", Breaks.NONE,
            "Refuse requests of public clients without code_challenge.",
            Check.of(Step.AUTHORIZE_WITHOUT_PKCE, answer -> Outcome.when(answer.status() >= 400 || response(answer).containsKey("error"), answer.summary()))),
        new Check("authorize-state", "The response repeats the state", "RFC 6749 §4.1.2.1", Breaks.NONE, "Return state with every response, errors included.",
            error(answer -> Outcome.when(response(answer).getOrDefault("state", "").equals(answer.query().get("state")), "state is " + response(answer).get("state")))),
        new Check("authorize-issuer", "The response names the issuer", "RFC 9207 §2; MCP 2026-07-28", Set.of("chatgpt", "python-sdk"),
            ADD_ISSUER, evidence -> error(answer -> issuer(evidence, response(answer).get("iss"))).apply(evidence)));

    private AuthorizeChecks() {
    }

    /** An issuer in a response has to be the right one, whether the metadata promises it or not (RFC 9207 §2.4). */
    static Outcome issuer(Evidence evidence, String named) {
        JsonObject metadata = evidence.authorizationServer().orElseGet(JsonObject::new);
        if (named == null) {
            return Boolean.TRUE.equals(metadata.getValue("authorization_response_iss_parameter_supported")) ? Outcome.failed("iss is missing") : Outcome.skipped("not promised");
        }
        return Outcome.when(named.equals(metadata.getValue("issuer")), "iss is " + named + ", the issuer of the metadata is " + metadata.getValue("issuer"));
    }

    private static Function<Evidence, Outcome> last(Function<Exchange, Outcome> rule) {
        return evidence -> {
            List<Exchange> hops = evidence.all(Step.AUTHORIZE);
            return hops.isEmpty() ? Check.NOT_REACHED : rule.apply(hops.get(hops.size() - 1));
        };
    }

    /** Checks the error that comes back by a redirect; servers may show a page instead. */
    private static Function<Evidence, Outcome> error(Function<Exchange, Outcome> rule) {
        return Check.of(Step.AUTHORIZE_ERROR, answer -> isBackAtClient(answer) ? rule.apply(answer) : Outcome.skipped("the error came by a page"));
    }

    private static boolean isBackAtClient(Exchange answer) {
        return answer.header("location").startsWith(AuthorizationWalk.REDIRECT_URI);
    }

    private static boolean showsLogin(Exchange answer) {
        return answer.status() == 200 && answer.body().toLowerCase(Locale.ROOT).contains("type=\"password\"");
    }

    /** The parameters of the authorization response in a redirect. */
    private static Map<String, String> response(Exchange answer) {
        return Exchange.query(answer.header("location"));
    }
}
