package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.oauth.Challenge;
import dev.gatehouse.shared.flight.Exchange;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reachability and the challenge of the MCP endpoint. */
final class ChallengeChecks {

    private static final String MCP = "MCP 2025-11-25, ";
    private static final int MISDIRECTED = 421;

    static final List<Check> ALL = List.of(
        new Check("reachable", "The MCP endpoint answers", "RFC 9110 §3.3", Breaks.ALL,
            "Start the server, open its port, and give it a certificate that the platform trusts and that names its host.",
            Check.of(Step.ANONYMOUS, answer -> Outcome.when(answer.status() != 0, answer.failure()))),
        new Check("secure-url", "The URL is https, or http of this machine", "OAuth 2.1 §1.5; " + MCP + "communication security", Breaks.ALL,
            "Serve the endpoint over https.",
            evidence -> Outcome.when("https".equals(evidence.server().getScheme()) || SecureUrl.isLoopback(evidence.server()), evidence.server().toString())),
        new Check("mcp-endpoint", "The URL takes requests of MCP", MCP + "Streamable HTTP", Breaks.ALL,
            "Give the URL of the MCP endpoint, with its path: a web site or another service answers here. The findings below follow from that.",
            Check.of(Step.ANONYMOUS, answer -> answer.status() == 0 ? Check.NOT_REACHED : Outcome.when(!List.of(404, 405, 501).contains(answer.status())
                && !(answer.status() / 100 == 2 && answer.mediaType().contains("html")), answer.summary()))),
        new Check("host-accepted", "The server takes the host of its URL as its own", "RFC 9110 §15.5.20; " + MCP + "security of Streamable HTTP", Breaks.ALL,
            "Let the proxy pass the Host header on (in nginx: proxy_set_header Host $http_host), and let the server allow this host.",
            Check.of(Step.ANONYMOUS, answer -> Outcome.when(answer.status() != MISDIRECTED && !(answer.status() == 403 && answer.body().toLowerCase(Locale.ROOT).matches("(?s).*\\bhost\\b.*")),
                answer.summary()))),
        new Check("no-redirect", "The MCP endpoint does not redirect", MCP + "Streamable HTTP", Breaks.ALL,
            "Give clients the URL that the redirect leads to, or serve the endpoint at both: a redirected POST loses its body or its token.",
            Check.of(Step.ANONYMOUS, answer -> Outcome.when(answer.status() / 100 != 3, answer.summary()))),
        new Check("no-server-error", "A request without a token is no server error", "RFC 9110 §15.6", Breaks.ALL,
            "Let the server or its proxy answer 401 before anything reads the token.",
            Check.of(Step.ANONYMOUS, answer -> Outcome.when(answer.status() < 500, answer.summary()))),
        new Check("unauthorized-status", "A request without a token gets 401", MCP + "token handling; RFC 6750 §3.1", Breaks.ALL,
            "Answer 401 with a challenge. Clients begin a login at 401 only.",
            Check.of(Step.ANONYMOUS, answer -> answer.result().isPresent() ? Outcome.skipped("the server needs no token")
                : answer.status() / 100 == 3 || answer.status() >= 500 || answer.status() == 0 ? Check.NOT_REACHED
                : Outcome.when(answer.status() == 401, answer.summary()))),
        new Check("challenge-present", "The 401 has a WWW-Authenticate header", "RFC 9110 §15.5.2; RFC 9728 §5.1", Breaks.RESOURCE_METADATA,
            "Send WWW-Authenticate with every 401, and let no proxy remove it.",
            unauthorized(answer -> Outcome.when(!answer.all("www-authenticate").isEmpty(), "401 without the header"))),
        new Check("challenge-scheme", "The challenge is Bearer or DPoP", "RFC 6750 §3; RFC 9449 §7.1", Breaks.RESOURCE_METADATA,
            "Send a Bearer challenge; a proxy with a login of its own must not answer for this path.",
            unauthorized(answer -> answer.all("www-authenticate").isEmpty() ? Check.NOT_REACHED
                : Outcome.when(Challenge.ofOAuth(answer.all("www-authenticate")).isPresent(), answer.header("www-authenticate")))),
        new Check("challenge-metadata", "The challenge names the protected resource metadata", "RFC 9728 §5.1; MCP 2025-06-18, authorization server location",
            Breaks.NONE, "Add resource_metadata=\"URL\" to the challenge.",
            challenge((evidence, challenge) -> Outcome.when(challenge.resourceMetadata().isPresent(), "no resource_metadata among " + challenge.parameters().keySet()))),
        new Check("challenge-quoting", "The value of resource_metadata is quoted", "RFC 9110 §11.2: a URL is no token", Set.of("gemini-cli"),
            "Write resource_metadata=\"URL\" with quotation marks.",
            challenge((evidence, challenge) -> Outcome.when(!evidence.first(Step.ANONYMOUS).orElseThrow().header("www-authenticate").toLowerCase(Locale.ROOT)
                .matches(".*resource_metadata\\s*=\\s*[^\"\\s].*"), "no quotation marks around the URL"))),
        new Check("challenge-url", "resource_metadata is an absolute URL", "RFC 9728 §5.1", Breaks.RESOURCE_METADATA,
            "Write the whole URL, with scheme and host.", named((server, url) -> Outcome.when(url != null, "not an absolute http(s) URL"))),
        new Check("challenge-scheme-of-url", "resource_metadata has the scheme of the MCP endpoint", "RFC 9728 §3", Breaks.RESOURCE_METADATA,
            "Let the proxy send X-Forwarded-Proto and the server read it, or configure the server's public URL.",
            named((server, url) -> url == null ? Check.NOT_REACHED : Outcome.when(url.getScheme().equals(server.getScheme()), url + " for " + server))),
        new Check("challenge-host-of-url", "resource_metadata is at the host of the MCP endpoint", "RFC 9728 §3.1", Breaks.RESOURCE_METADATA,
            "Let the proxy pass the Host header on, or configure the server's public URL.",
            named((server, url) -> url == null ? Check.NOT_REACHED : Outcome.when(url.getAuthority().equalsIgnoreCase(server.getAuthority()), url + " for " + server))),
        new Check("challenge-scopes", "The challenged scopes are ones that the resource supports", MCP + "scope challenge handling", Breaks.NONE,
            "Name in scope only what the authorization server grants for this resource, and list it in scopes_supported.",
            challenge((evidence, challenge) -> {
                List<String> supported = evidence.resource().map(document -> Evidence.texts(document, "scopes_supported").toList()).orElse(List.of());
                List<String> foreign = challenge.scope().stream().flatMap(scope -> List.of(scope.split(" ")).stream()).filter(scope -> !supported.contains(scope)).toList();
                return supported.isEmpty() ? Outcome.skipped("the resource lists no scopes") : Outcome.when(foreign.isEmpty(), foreign + " is not among " + supported);
            })),
        new Check("invalid-token-status", "An invalid token gets 401", "RFC 6750 §3.1", Breaks.ALL, "Answer 401 so that clients refresh or log in again.",
            Check.of(Step.INVALID_TOKEN, answer -> Outcome.when(answer.status() == 401, answer.summary()))),
        new Check("invalid-token-error", "The challenge for an invalid token says error=\"invalid_token\"", "RFC 6750 §3.1", Breaks.NONE,
            "Add error=\"invalid_token\" to the challenge when the request had a token.",
            Check.of(Step.INVALID_TOKEN, answer -> answer.status() != 401 ? Check.NOT_REACHED : Outcome.when(Challenge.ofOAuth(answer.all("www-authenticate"))
                .filter(challenge -> "invalid_token".equals(challenge.parameters().get("error"))).isPresent(), answer.header("www-authenticate")))),
        new Check("authorization-forwarded", "The answer to a token is another than the one without a token", "RFC 9110 §11.6.2: a proxy must not change Authorization", Breaks.ALL,
            "Let each proxy pass the Authorization header on: the server answers as if it had got none. If it does get the header, add error=\"invalid_token\".",
            evidence -> Check.of(Step.INVALID_TOKEN, answer -> answer.status() != 401 ? Check.NOT_REACHED : Outcome.when(evidence.first(Step.ANONYMOUS)
                .filter(without -> without.status() == 401 && without.header("www-authenticate").equals(answer.header("www-authenticate"))
                    && without.body().equals(answer.body())).isEmpty(), "the same answer, " + answer.header("www-authenticate"))).apply(evidence)),
        new Check("stream-unauthorized", "GET without a token gets 401, or 405 where the server has no stream", MCP + "Streamable HTTP", Breaks.NONE,
            "Protect GET as POST, with the same challenge.",
            Check.of(Step.ANONYMOUS_STREAM, answer -> Outcome.when(List.of(400, 401, 405, 406).contains(answer.status()), answer.summary()))));

    private ChallengeChecks() {
    }

    private static Function<Evidence, Outcome> unauthorized(Function<Exchange, Outcome> rule) {
        return Check.of(Step.ANONYMOUS, answer -> answer.status() == 401 ? rule.apply(answer) : Check.NOT_REACHED);
    }

    private static Function<Evidence, Outcome> challenge(BiFunction<Evidence, Challenge, Outcome> rule) {
        return evidence -> evidence.challenge().map(challenge -> rule.apply(evidence, challenge)).orElse(Check.NOT_REACHED);
    }

    /** Checks the URL that the challenge names, which is null when it is none. */
    private static Function<Evidence, Outcome> named(BiFunction<URI, URI, Outcome> rule) {
        return challenge((evidence, challenge) -> challenge.resourceMetadata().map(text -> rule.apply(evidence.server(), url(text).orElse(null)))
            .orElse(Check.NOT_REACHED));
    }

    static Optional<URI> url(String text) {
        try {
            return Optional.of(SecureUrl.parse(text, "The URL"));
        } catch (CallException e) {
            return Optional.empty();
        }
    }
}
