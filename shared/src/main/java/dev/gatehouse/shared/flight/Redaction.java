package dev.gatehouse.shared.flight;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * that are neither JSON nor forms are left out, because pages hold secrets of sessions. A secret that several exchanges share gets a number, so
 * that a reader and a replay see where it came from. Pure.
 */
public final class Redaction {

    /** Stands for a secret of one exchange. */
    public static final String REDACTED = "[redacted]";

    /** A placeholder, with the number of a shared secret. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\[redacted(?: \\d+)?]");

    private static final Set<String> HEADERS = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "mcp-session-id", "dpop", "dpop-nonce");
    private static final Set<String> NAMES = Set.of("access_token", "refresh_token", "id_token", "code", "client_secret", "code_verifier", "assertion",
        "client_assertion", "subject_token", "actor_token", "registration_access_token", "registration_client_uri", "device_code", "user_code", "token",
        "password", "state", "session_state", "request", "request_uri", "login_hint", "id_token_hint", "api_key", "key", "secret", "software_statement",
        "interaction", "csrf", "username", "nonce", "verification_uri_complete");
    /** Values that a client chooses. */
    private static final Set<String> FREE = Set.of("state", "nonce", "login_hint");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
    private static final Pattern QUERY = Pattern.compile("(?<=[?&#])([A-Za-z0-9_.-]+)=([^&#\\s\"]*)");
    private static final Pattern USER = Pattern.compile("(?<=://)[^/?#@\\s\"]+@");
    /** Shorter values would be found in innocent texts; by their names they are removed all the same. */
    private static final int SHORTEST_VALUE = 6;

    /** The placeholder of each secret, the longest secret first. */
    private final Map<String, String> placeholders = new LinkedHashMap<>();

    private Redaction(Set<String> secrets, List<String> texts) {
        Map<String, String> numbered = new LinkedHashMap<>();
        int shared = 0;
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_VALUE) {
                boolean several = texts.stream().filter(text -> text.contains(secret) || text.contains(encoded(secret))).limit(2).count() > 1;
                numbered.put(secret, several ? "[redacted " + ++shared + "]" : REDACTED);
            }
        }
        numbered.keySet().stream().sorted(Comparator.comparing(String::length).reversed()).forEach(secret -> {
            placeholders.put(secret, numbered.get(secret));
            placeholders.putIfAbsent(encoded(secret), numbered.get(secret));
        });
    }

    /**
     * {@return what removes the secrets of some exchanges}
     *
     * @param server the URL of the examined server; the values of its query are secrets
     * @param exchanges the exchanges, in their order
     */
    public static Redaction of(String server, List<Exchange> exchanges) {
        Set<String> secrets = new LinkedHashSet<>(Exchange.query(server).values());
        exchanges.forEach(exchange -> collect(exchange, secrets));
        return new Redaction(secrets, exchanges.stream().map(Exchange::toString).toList());
    }

    /**
     * {@return whether a text is a placeholder alone}
     *
     * @param text the text
     */
    public static boolean isPlaceholder(String text) {
        return PLACEHOLDER.matcher(text).matches();
    }

    /**
     * {@return the placeholders in a text}
     *
     * @param text the text
     */
    public static Matcher placeholders(String text) {
        return PLACEHOLDER.matcher(text);
    }

    /**
     * {@return whether the value of a header, a parameter or a member is a credential, which no other value can stand for}
     *
     * @param name the name
     */
    public static boolean isCredential(String name) {
        return (HEADERS.contains(name) || NAMES.contains(name) || name.equals("url") || name.equals("path")) && !FREE.contains(name);
    }

    private static String encoded(String secret) {
        return URLEncoder.encode(secret, StandardCharsets.UTF_8);
    }

    private static void collect(Exchange exchange, Set<String> secrets) {
        Stream.of(exchange.requestHeaders(), exchange.headers()).flatMap(headers -> headers.entrySet().stream()).filter(header -> HEADERS.contains(header.getKey()))
            .forEach(header -> header.getValue().forEach(value -> secrets.addAll(credentials(header.getKey(), value))));
        Stream.concat(Stream.of(exchange.url(), exchange.body(), exchange.failure()), exchange.all("location").stream()).forEach(text ->
            QUERY.matcher(text).results().filter(found -> NAMES.contains(found.group(1))).forEach(found -> secrets.addAll(Exchange.parameters("x=" + found.group(2)).values())));
        members(exchange.requestJson().orElse(null), secrets);
        members(exchange.json().orElse(null), secrets);
        exchange.message().ifPresent(message -> members(message, secrets));
        exchange.form().forEach((name, value) -> {
            if (NAMES.contains(name)) {
                secrets.add(value);
            }
        });
    }

    /** The secrets in the value of a header: the credentials after a scheme, the password in them, the value of each cookie. */
    private static List<String> credentials(String name, String value) {
        return switch (name) {
            case "authorization", "proxy-authorization" -> {
                String secret = value.substring(value.indexOf(' ') + 1).strip();
                yield Stream.concat(Stream.of(secret), password(value, secret)).toList();
            }
            case "cookie" -> Stream.of(value.split(";")).map(Redaction::cookie).toList();
            case "set-cookie" -> List.of(cookie(value.split(";", 2)[0]));
            default -> List.of(value);
        };
    }

    private static Stream<String> password(String header, String credentials) {
        try {
            String pair = header.regionMatches(true, 0, "Basic ", 0, 6) ? new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8) : "";
            return Stream.of(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException notBase64) {
            return Stream.empty();
        }
    }

    private static String cookie(String pair) {
        return pair.substring(pair.indexOf('=') + 1).strip();
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

    /**
     * {@return an exchange without its secrets}
     *
     * @param exchange the exchange
     */
    public Exchange redact(Exchange exchange) {
        String body = exchange.message().or(exchange::json).map(this::without).map(value -> ((JsonObject) value).encode())
            .orElseGet(() -> omitted(exchange.body(), exchange.mediaType()));
        return new Exchange(exchange.step(), exchange.method(), text(exchange.url()), headers(exchange.requestHeaders()), text(requestBody(exchange)), exchange.status(),
            headers(exchange.headers()), text(body), text(exchange.failure()));
    }

    private String requestBody(Exchange exchange) {
        if (!exchange.form().isEmpty()) {
            return Stream.of(exchange.requestBody().split("&")).map(this::pair).collect(Collectors.joining("&"));
        }
        return exchange.requestJson().map(this::without).map(value -> ((JsonObject) value).encode()).orElseGet(() -> omitted(exchange.requestBody(), "text"));
    }

    private static String omitted(String body, String mediaType) {
        return body.isEmpty() ? "" : "[" + body.length() + " characters of " + mediaType + "]";
    }

    private String pair(String pair) {
        return Exchange.parameters(pair).entrySet().stream().filter(each -> NAMES.contains(each.getKey())).findFirst()
            .map(each -> each.getKey() + "=" + placeholder(each.getValue())).orElse(pair);
    }

    private String placeholder(String secret) {
        return placeholders.getOrDefault(secret, REDACTED);
    }

    private Map<String, List<String>> headers(Map<String, List<String>> headers) {
        Map<String, List<String>> clean = new LinkedHashMap<>();
        headers.forEach((name, values) -> clean.put(name, values.stream().map(value -> HEADERS.contains(name) ? header(name, value) : text(value)).toList()));
        return clean;
    }

    /** A header without its secrets: the scheme of credentials, and the names of cookies with their attributes, stay. */
    private String header(String name, String value) {
        return switch (name) {
            case "authorization", "proxy-authorization" -> (value.indexOf(' ') < 0 ? "" : value.substring(0, value.indexOf(' ') + 1))
                + placeholder(value.substring(value.indexOf(' ') + 1).strip());
            case "cookie" -> Stream.of(value.split(";")).map(pair -> withoutValue(pair.strip())).collect(Collectors.joining("; "));
            case "set-cookie" -> withoutValue(value.split(";", 2)[0]) + (value.indexOf(';') < 0 ? "" : value.substring(value.indexOf(';')));
            default -> placeholder(value);
        };
    }

    private String withoutValue(String pair) {
        return (pair.indexOf('=') < 0 ? "" : pair.substring(0, pair.indexOf('=') + 1)) + placeholder(cookie(pair));
    }

    private Object without(Object value) {
        if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.forEach(member -> copy.put(member.getKey(), NAMES.contains(member.getKey()) && member.getValue() instanceof String secret ? placeholder(secret)
                : without(member.getValue())));
            return copy;
        }
        return value instanceof JsonArray list ? new JsonArray(new ArrayList<>(list.stream().map(this::without).toList())) : value;
    }

    /**
     * {@return a text without secrets, such as a line of a report}
     *
     * @param text the text
     */
    public String text(String text) {
        String clean = QUERY.matcher(text).replaceAll(found -> Matcher.quoteReplacement(NAMES.contains(found.group(1))
            ? found.group(1) + "=" + known(found.group(2)) : found.group()));
        for (Map.Entry<String, String> secret : placeholders.entrySet()) {
            clean = clean.replace(secret.getKey(), secret.getValue());
        }
        return USER.matcher(JWT.matcher(clean).replaceAll(Matcher.quoteReplacement(REDACTED))).replaceAll(Matcher.quoteReplacement(REDACTED + "@"));
    }

    private String known(String value) {
        return PLACEHOLDER.matcher(value).matches() ? value : Optional.ofNullable(Exchange.parameters("x=" + value).get("x")).map(this::placeholder).orElse(REDACTED);
    }
}
