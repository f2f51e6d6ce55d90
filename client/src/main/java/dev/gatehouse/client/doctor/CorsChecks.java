package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Cross-origin requests, as a browser judges them (Fetch Standard, CORS protocol). */
final class CorsChecks {

    private static final String FETCH = "Fetch Standard §3.3";
    private static final String ALLOW_ORIGIN = "access-control-allow-origin";

    static final List<Check> ALL = List.of(
        new Check("cors-preflight", "The MCP endpoint answers a preflight", FETCH, Breaks.BROWSER,
            "Answer OPTIONS with 204 before authentication: a browser sends no token with it.",
            Check.of(Step.PREFLIGHT, answer -> Outcome.when(answer.status() / 100 == 2, answer.summary()))),
        new Check("cors-origin", "The MCP endpoint lets other origins read its answers", FETCH, Breaks.BROWSER,
            "Send Access-Control-Allow-Origin on every answer, the 401 included, or allow the origins of browser clients.",
            Check.of(Step.BROWSER, CorsChecks::readable)),
        new Check("cors-one-origin", "Access-Control-Allow-Origin has one value", FETCH, Breaks.BROWSER,
            "Let either the server or the proxy add the header, not both.",
            Check.of(Step.BROWSER, answer -> Outcome.when(answer.all(ALLOW_ORIGIN).size() < 2 && !answer.header(ALLOW_ORIGIN).contains(","),
                answer.header(ALLOW_ORIGIN)))),
        new Check("cors-methods", "The preflight allows POST, GET and DELETE", FETCH + "; MCP 2025-11-25, Streamable HTTP", Breaks.BROWSER,
            "Send Access-Control-Allow-Methods: GET, POST, DELETE.",
            preflight(answer -> Outcome.when(answer.header("access-control-allow-methods").equals("*") || answer.list("access-control-allow-methods").contains("post"),
                "Access-Control-Allow-Methods: " + answer.header("access-control-allow-methods")))),
        new Check("cors-authorization", "The preflight allows the Authorization header", FETCH + ": no wildcard covers it", Breaks.BROWSER,
            "Name Authorization in Access-Control-Allow-Headers.",
            preflight(answer -> Outcome.when(answer.list("access-control-allow-headers").contains("authorization"),
                "Access-Control-Allow-Headers: " + answer.header("access-control-allow-headers")))),
        new Check("cors-headers", "The preflight allows the headers of MCP", FETCH + "; MCP 2025-11-25, protocol version header", Breaks.BROWSER,
            "Name Content-Type, MCP-Protocol-Version and Mcp-Session-Id in Access-Control-Allow-Headers.",
            preflight(answer -> {
                Set<String> allowed = answer.list("access-control-allow-headers");
                List<String> missing = List.of("content-type", "mcp-protocol-version", "mcp-session-id").stream().filter(name -> !allowed.contains(name)).toList();
                return Outcome.when(allowed.contains("*") || missing.isEmpty(), missing + " is not allowed");
            })),
        new Check("cors-expose-challenge", "WWW-Authenticate is exposed", FETCH + "; RFC 9728 §5.1", Breaks.BROWSER,
            "Add WWW-Authenticate to Access-Control-Expose-Headers: without it a page sees no challenge.",
            Check.of(Step.BROWSER, answer -> answer.status() != 401 ? Check.NOT_REACHED : exposes(answer, "www-authenticate"))),
        new Check("cors-expose-session", "Mcp-Session-Id is exposed", FETCH + "; MCP 2025-11-25, session management", Breaks.BROWSER,
            "Add Mcp-Session-Id to Access-Control-Expose-Headers.",
            Check.of(Step.INITIALIZE, answer -> answer.all("mcp-session-id").isEmpty() ? Outcome.skipped("no session") : exposes(answer, "mcp-session-id"))),
        new Check("cors-credentials", "No answer combines any origin with credentials", FETCH, Breaks.BROWSER,
            "Leave Access-Control-Allow-Credentials out: tokens travel in a header.",
            Check.of(Step.BROWSER, answer -> Outcome.when(!answer.header(ALLOW_ORIGIN).equals("*")
                || !answer.header("access-control-allow-credentials").equals("true"), "origin * with credentials"))),
        new Check("cors-resource-metadata", "A page can read the protected resource metadata", FETCH, Breaks.BROWSER,
            "Send Access-Control-Allow-Origin: * with the document.", Check.of(Step.RESOURCE_METADATA_BROWSER, CorsChecks::readable)),
        new Check("cors-server-metadata", "A page can read the authorization server metadata", FETCH, Breaks.BROWSER,
            "Send Access-Control-Allow-Origin: * with the document.", Check.of(Step.SERVER_METADATA_BROWSER, CorsChecks::readable)),
        new Check("cors-metadata-preflight", "Metadata may be asked for with MCP-Protocol-Version", FETCH, Breaks.NONE,
            "Answer the preflight and allow the header. The TypeScript SDK asks again without it.",
            evidence -> {
                List<Exchange> asked = List.of(Step.RESOURCE_METADATA_PREFLIGHT, Step.SERVER_METADATA_PREFLIGHT).stream().flatMap(step -> evidence.all(step).stream()).toList();
                return asked.isEmpty() ? Check.NOT_REACHED : asked.stream().filter(answer -> !permits(answer, "mcp-protocol-version")).findFirst()
                    .map(answer -> Outcome.failed(answer.summary() + ", allowing \"" + answer.header("access-control-allow-headers") + "\"")).orElse(Outcome.PASSED);
            }),
        new Check("cors-token", "A page can read the answers of the token endpoint", FETCH, Breaks.BROWSER,
            "Send Access-Control-Allow-Origin: * from the token endpoint, with errors as well.", Check.of(Step.TOKEN_INVALID_CODE, CorsChecks::readable)),
        new Check("cors-registration", "A page can read the answers of the registration endpoint", FETCH, Breaks.BROWSER,
            "Send Access-Control-Allow-Origin: * from the registration endpoint.", Check.of(Step.REGISTRATION_BROWSER, CorsChecks::readable)),
        new Check("cors-registration-preflight", "The registration endpoint answers a preflight for JSON", FETCH, Breaks.BROWSER,
            "Answer OPTIONS and allow Content-Type.",
            Check.of(Step.REGISTRATION_PREFLIGHT, answer -> Outcome.when(permits(answer, "content-type"), answer.summary() + ", allowing \""
                + answer.header("access-control-allow-headers") + "\""))));

    private CorsChecks() {
    }

    private static Function<Evidence, Outcome> preflight(Function<Exchange, Outcome> rule) {
        return Check.of(Step.PREFLIGHT, answer -> answer.status() / 100 == 2 ? rule.apply(answer) : Check.NOT_REACHED);
    }

    private static Outcome readable(Exchange answer) {
        String origin = answer.all(ALLOW_ORIGIN).stream().findFirst().orElse("");
        boolean allowed = origin.equals("*") || origin.split(",", 2)[0].strip().equals(Walk.BROWSER_ORIGIN);
        return answer.status() == 0 ? Check.NOT_REACHED : Outcome.when(allowed, answer.summary() + (origin.isEmpty() ? " without Access-Control-Allow-Origin"
            : " for the origin " + origin));
    }

    private static boolean permits(Exchange answer, String header) {
        Set<String> allowed = answer.list("access-control-allow-headers");
        return answer.status() / 100 == 2 && !answer.header(ALLOW_ORIGIN).isEmpty() && (allowed.contains(header) || allowed.contains("*"));
    }

    private static Outcome exposes(Exchange answer, String header) {
        Set<String> exposed = answer.list("access-control-expose-headers");
        return Outcome.when(exposed.contains(header) || exposed.contains("*"), answer.header("access-control-expose-headers").isEmpty() ? "no Access-Control-Expose-Headers"
            : "Access-Control-Expose-Headers: " + answer.header("access-control-expose-headers"));
    }
}
