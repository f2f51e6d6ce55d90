package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Removes secrets from recorded exchanges: by the name of a header, a parameter or a member, and then every repetition of their values. Bodies
 * that are neither JSON nor forms are left out, because pages hold secrets of sessions. Pure.
 */
final class Redaction {

    static final String REDACTED = "[redacted]";

    private static final Set<String> HEADERS = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "mcp-session-id", "dpop", "dpop-nonce");
    private static final Set<String> NAMES = Set.of("access_token", "refresh_token", "id_token", "code", "client_secret", "code_verifier", "assertion",
        "client_assertion", "subject_token", "actor_token", "registration_access_token", "registration_client_uri", "device_code", "user_code", "token",
        "password", "state", "session_state", "request", "request_uri", "login_hint", "id_token_hint", "api_key", "key", "secret", "software_statement");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
    private static final Pattern QUERY = Pattern.compile("(?<=[?&#])([A-Za-z0-9_.-]+)=([^&#\\s\"]*)");
    /** Shorter values would be found in innocent texts; by their names they are removed all the same. */
    private static final int SHORTEST_VALUE = 6;

    private final List<String> secrets;

    private Redaction(Set<String> secrets) {
        this.secrets = secrets.stream().filter(secret -> secret.length() >= SHORTEST_VALUE).sorted(Comparator.comparing(String::length).reversed()).toList();
    }

    static Redaction of(Evidence evidence) {
        Set<String> secrets = new HashSet<>();
        String query = evidence.server().getRawQuery();
        if (query != null) {
            secrets.addAll(AuthorizationChecks.parameters(query).values());
        }
        evidence.exchanges().forEach(exchange -> collect(exchange, secrets));
        return new Redaction(secrets.stream().flatMap(secret -> Stream.of(secret, HttpCall.encode(secret))).collect(Collectors.toSet()));
    }

    private static void collect(Exchange exchange, Set<String> secrets) {
        Stream.of(exchange.requestHeaders(), exchange.headers()).flatMap(headers -> headers.entrySet().stream()).filter(header -> HEADERS.contains(header.getKey()))
            .flatMap(header -> header.getValue().stream()).forEach(value -> secrets.addAll(values(value)));
        Stream.concat(Stream.of(exchange.url(), exchange.body(), exchange.failure()), exchange.all("location").stream()).forEach(text ->
            QUERY.matcher(text).results().filter(found -> NAMES.contains(found.group(1))).forEach(found -> secrets.addAll(values(found.group(2)))));
        members(exchange.json().orElse(null), secrets);
        exchange.message().ifPresent(message -> members(message, secrets));
        form(exchange).ifPresent(form -> form.forEach((name, value) -> addIf(NAMES.contains(name), value, secrets)));
    }

    private static void addIf(boolean secret, String value, Set<String> secrets) {
        if (secret) {
            secrets.add(value);
        }
    }

    /** The value of a header, and its parts: the credentials after a scheme, the value of each cookie. */
    private static List<String> values(String header) {
        List<String> values = new ArrayList<>(List.of(header));
        Stream.of(header.split("[ ;,]")).map(part -> part.substring(part.indexOf('=') + 1).strip()).filter(part -> part.length() >= 8
            && !part.matches("(?i)bearer|samesite|httponly|strict|/|secure|.*GMT|\\d+-\\w+-\\d+")).forEach(values::add);
        return values;
    }

    private static void members(Object value, Set<String> secrets) {
        if (value instanceof JsonObject object) {
            object.forEach(member -> {
                if (NAMES.contains(member.getKey()) && member.getValue() instanceof String text) {
                    secrets.add(text);
                }
                members(member.getValue(), secrets);
            });
        } else if (value instanceof JsonArray list) {
            list.forEach(element -> members(element, secrets));
        }
    }

    private static Optional<Map<String, String>> form(Exchange exchange) {
        boolean isForm = exchange.requestHeaders().getOrDefault("content-type", List.of()).stream().anyMatch(type -> type.startsWith("application/x-www-form-urlencoded"));
        return isForm ? Optional.of(AuthorizationChecks.parameters(exchange.requestBody())) : Optional.empty();
    }

    /** An exchange without its secrets. */
    Exchange redact(Exchange exchange) {
        String request = form(exchange).map(form -> form.entrySet().stream().map(each -> each.getKey() + "=" + (NAMES.contains(each.getKey()) ? REDACTED
            : each.getValue())).sorted().collect(Collectors.joining("&"))).orElseGet(() -> json(exchange.requestBody()));
        String body = exchange.message().map(message -> without(message)).or(() -> exchange.json().map(Redaction::without)).map(value -> ((JsonObject) value).encode())
            .orElseGet(() -> exchange.body().isEmpty() ? "" : "[" + exchange.body().length() + " characters of " + exchange.mediaType() + "]");
        return new Exchange(exchange.step(), exchange.method(), text(exchange.url()), headers(exchange.requestHeaders()), text(request), exchange.status(),
            headers(exchange.headers()), text(body), text(exchange.failure()));
    }

    private static String json(String text) {
        return text.isEmpty() ? "" : Optional.of(new JsonObject(text)).map(Redaction::without).map(value -> ((JsonObject) value).encode()).orElse("");
    }

    private Map<String, List<String>> headers(Map<String, List<String>> headers) {
        return headers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().stream()
            .map(value -> HEADERS.contains(header.getKey()) ? REDACTED : text(value)).toList()));
    }

    private static Object without(Object value) {
        if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.forEach(member -> copy.put(member.getKey(), NAMES.contains(member.getKey()) && member.getValue() instanceof String ? REDACTED : without(member.getValue())));
            return copy;
        }
        return value instanceof JsonArray list ? new JsonArray(list.stream().map(Redaction::without).toList()) : value;
    }

    /** A text without secrets, such as a line of a report. */
    String text(String text) {
        String clean = QUERY.matcher(text).replaceAll(found -> NAMES.contains(found.group(1)) ? found.group(1) + "=" + REDACTED
            : Matcher.quoteReplacement(found.group()));
        for (String secret : secrets) {
            clean = clean.replace(secret, REDACTED);
        }
        return JWT.matcher(clean).replaceAll(REDACTED);
    }

    /** The server's URL without secrets. */
    String server(URI server) {
        return text(server.toString());
    }
}
