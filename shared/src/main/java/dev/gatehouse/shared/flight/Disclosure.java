package dev.gatehouse.shared.flight;

import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps of an exchange of our servers what is known to hold no secret, and replaces everything else. {@link Redaction} removes what is known to
 * be one; both together keep a value secret that a client puts in an unexpected place. Pure.
 */
final class Disclosure {

    private static final Set<String> REQUEST_HEADERS = Set.of("accept", "accept-encoding", "accept-language", "access-control-request-headers",
        "access-control-request-method", "connection", "content-length", "content-type", "host", "mcp-method", "mcp-protocol-version", "origin", "sec-fetch-dest",
        "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "transfer-encoding", "user-agent", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto");
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "dpop", "mcp-session-id", "proxy-authorization");
    private static final Set<String> PARAMETERS = Set.of("acr_values", "audience", "client_assertion_type", "client_id", "code_challenge",
        "code_challenge_method", "display", "error", "error_description", "error_uri", "grant_type", "iss", "max_age", "prompt", "redirect_uri",
        "requested_token_type", "resource", "response_mode", "response_type", "scope", "subject_token_type", "actor_token_type", "token_type_hint", "ui_locales");
    private static final Set<String> MEMBERS = Set.of("application_type", "client_id", "client_id_issued_at", "client_name", "client_secret_expires_at",
        "client_uri", "dpop_bound_access_tokens", "error", "error_description", "expires_in", "grant_types", "id", "interval", "issued_token_type", "jsonrpc",
        "jwks_uri", "logo_uri", "method", "policy_uri", "redirect_uris", "response_types", "scope", "software_id", "software_version", "token_endpoint_auth_method",
        "token_type", "tos_uri", "verification_uri");
    private static final Set<String> CALL = Set.of("protocolVersion", "clientInfo", "capabilities", "_meta");
    private static final Pattern PARAMETER = Pattern.compile("(?<=[?&#])([^=&#\\s]+)=([^&#\\s]*)");

    private Disclosure() {
    }

    /** The exchange, already without known secrets. */
    static Exchange of(Exchange exchange) {
        boolean published = exchange.step().equals("resourceMetadata") || exchange.step().equals("serverMetadata") || exchange.step().equals("keys");
        return new Exchange(exchange.step(), exchange.method(), url(exchange.url()), requestHeaders(exchange.requestHeaders()), requestBody(exchange),
            exchange.status(), headers(exchange.headers()), published ? exchange.body() : exchange.json().map(Disclosure::members).orElse(exchange.body()),
            exchange.failure());
    }

    private static String url(String url) {
        return PARAMETER.matcher(url).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + "=" + value(found.group(1), found.group(2))));
    }

    private static String value(String name, String value) {
        return PARAMETERS.contains(name) || value.startsWith("[redacted") ? value : Redaction.REDACTED;
    }

    private static String requestBody(Exchange exchange) {
        if (!exchange.form().isEmpty()) {
            return Stream.of(exchange.requestBody().split("&")).map(pair -> pair.split("=", 2))
                .map(pair -> pair[0] + (pair.length < 2 ? "" : "=" + value(pair[0], pair[1]))).collect(Collectors.joining("&"));
        }
        return exchange.requestJson().map(Disclosure::members).orElse(exchange.requestBody());
    }

    /** The members of a registration, of an answer, or of a JSON-RPC message without its arguments. */
    private static String members(JsonObject body) {
        JsonObject kept = new JsonObject();
        body.forEach(member -> kept.put(member.getKey(), MEMBERS.contains(member.getKey()) || isPlaceholder(member.getValue()) ? member.getValue()
            : member.getKey().equals("params") && member.getValue() instanceof JsonObject params ? call(params) : Redaction.REDACTED));
        return kept.encode();
    }

    private static JsonObject call(JsonObject params) {
        JsonObject kept = new JsonObject();
        params.forEach(member -> kept.put(member.getKey(), CALL.contains(member.getKey()) ? member.getValue() : Redaction.REDACTED));
        return kept;
    }

    private static boolean isPlaceholder(Object value) {
        return value instanceof String text && Redaction.isPlaceholder(text);
    }

    private static Map<String, List<String>> requestHeaders(Map<String, List<String>> headers) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        headers.forEach((name, values) -> kept.put(name, REQUEST_HEADERS.contains(name) || CREDENTIALS.contains(name) ? values : List.of(Redaction.REDACTED)));
        return kept;
    }

    private static Map<String, List<String>> headers(Map<String, List<String>> headers) {
        Map<String, List<String>> kept = new LinkedHashMap<>(headers);
        kept.computeIfPresent("location", (name, values) -> values.stream().map(Disclosure::url).toList());
        return kept;
    }
}
