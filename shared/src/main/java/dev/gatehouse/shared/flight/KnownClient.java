package dev.gatehouse.shared.flight;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A known MCP client and its marks: the URL of its metadata document, its redirect URIs, its name in registrations, its {@code User-Agent}. A
 * mark is no proof: any program may send it. Pure.
 *
 * @param id the identifier, such as {@code vscode}
 * @param name the name for people
 * @param marks patterns by the kind of mark
 */
public record KnownClient(String id, String name, Map<Mark, List<Pattern>> marks) {

    /** All known clients. */
    public static final List<KnownClient> ALL = profiles().stream().map(JsonObject.class::cast).map(KnownClient::of).toList();

    /** The kinds of marks, the most telling first. */
    public enum Mark {
        /** The URL of a client ID metadata document as {@code client_id}. */
        DOCUMENT("document"),
        /** A redirect URI. */
        REDIRECT_URI("redirectUri"),
        /** The {@code client_name} of a registration. */
        CLIENT_NAME("clientName"),
        /** The name in {@code clientInfo} of MCP. */
        CLIENT_INFO("clientInfo"),
        /** The {@code User-Agent} header. */
        USER_AGENT("userAgent");

        private final String member;

        Mark(String member) {
            this.member = member;
        }
    }

    /**
     * A client by its marks.
     *
     * @param id the identifier of a known client; empty for another one
     * @param name the name of the known client, else the one that the client gave itself
     * @param mark what showed it, such as {@code redirectUri http://localhost:7777/oauth/callback}
     */
    public record Sighting(String id, String name, String mark) {

        /** The name for a log: of a known client, or from a registration. Other names come unchecked from any request, and may be anything. */
        Optional<String> loggedName() {
            return id.isEmpty() && !mark.startsWith(Mark.CLIENT_NAME.member + " ") ? Optional.empty() : Optional.of(name);
        }

        JsonObject toJson() {
            return new JsonObject().put("id", id).put("name", name).put("mark", mark);
        }

        static Optional<Sighting> of(JsonObject json) {
            return json == null ? Optional.empty() : Optional.of(new Sighting(json.getString("id", ""), json.getString("name", ""), json.getString("mark", "")));
        }
    }

    /** {@return the profiles of all known clients, as the file has them} */
    public static JsonArray profiles() {
        try (InputStream file = KnownClient.class.getResourceAsStream("client-profiles.json")) {
            return new JsonArray(Buffer.buffer(file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KnownClient of(JsonObject profile) {
        Map<Mark, List<Pattern>> marks = new LinkedHashMap<>();
        for (Mark mark : Mark.values()) {
            marks.put(mark, profile.getJsonObject("marks", new JsonObject()).getJsonArray(mark.member, new JsonArray()).stream()
                .map(pattern -> Pattern.compile((String) pattern)).toList());
        }
        return new KnownClient(profile.getString("id"), profile.getString("name"), marks);
    }

    /**
     * {@return the client that sent some requests, by its most telling mark; else the name that it gave itself; empty when it gave none}
     *
     * @param exchanges its exchanges
     */
    public static Optional<Sighting> of(List<Exchange> exchanges) {
        Marks marks = new Marks();
        exchanges.forEach(marks::add);
        return marks.client();
    }

    /** The marks of the requests so far. Each request is read once, and patterns are matched only after a new mark. */
    static final class Marks {

        private final Map<Mark, Set<String>> seen = new LinkedHashMap<>();
        private Optional<Sighting> client = Optional.empty();
        private boolean changed;

        void add(Exchange exchange) {
            boolean browser = exchange.step().startsWith("authorize");
            Map<String, String> parameters = new LinkedHashMap<>(exchange.query());
            parameters.putAll(exchange.form());
            add(Mark.DOCUMENT, parameters.getOrDefault("client_id", "").startsWith("https://") ? parameters.get("client_id") : null);
            add(Mark.REDIRECT_URI, parameters.get("redirect_uri"));
            add(Mark.USER_AGENT, browser ? null : exchange.requestHeader("user-agent"));
            exchange.requestJson().ifPresent(body -> {
                texts(body.getValue("redirect_uris")).forEach(uri -> add(Mark.REDIRECT_URI, uri));
                add(Mark.CLIENT_NAME, body.getValue("client_name"));
                add(Mark.CLIENT_INFO, body.getValue("params") instanceof JsonObject params && params.getValue("clientInfo") instanceof JsonObject info
                    ? info.getValue("name") : null);
            });
        }

        private void add(Mark mark, Object value) {
            if (value instanceof String text && !text.isEmpty()) {
                changed |= seen.computeIfAbsent(mark, first -> new LinkedHashSet<>()).add(text);
            }
        }

        Optional<Sighting> client() {
            if (changed) {
                client = find();
                changed = false;
            }
            return client;
        }

        private Optional<Sighting> find() {
            for (Mark mark : Mark.values()) {
                for (String value : seen.getOrDefault(mark, Set.of())) {
                    Optional<KnownClient> known = ALL.stream().filter(each -> each.marks.get(mark).stream().anyMatch(pattern -> pattern.matcher(value).find())).findFirst();
                    if (known.isPresent()) {
                        return Optional.of(new Sighting(known.get().id(), known.get().name(), mark.member + " " + value));
                    }
                }
            }
            return Stream.of(Mark.CLIENT_NAME, Mark.CLIENT_INFO, Mark.DOCUMENT, Mark.USER_AGENT).flatMap(mark -> seen.getOrDefault(mark, Set.of()).stream()
                .map(value -> new Sighting("", value, mark.member + " " + value))).findFirst();
        }
    }

    private static List<String> texts(Object value) {
        return value instanceof JsonArray list ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList() : List.of();
    }
}
