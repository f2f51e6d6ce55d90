package dev.gatehouse.client.config;

import dev.gatehouse.client.oauth.OAuthOptions;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An MCP server that the configuration names.
 *
 * @param command program and arguments over stdio; empty otherwise
 * @param url over sse and http; null otherwise
 * @param protocolVersion the only revision to speak, or null
 * @param auth null where this client takes no part in authorization
 */
public record ServerEntry(String name, TransportKind transport, List<String> command, Map<String, String> environment, URI url,
                          Map<String, String> headers, String protocolVersion, OAuthOptions auth) {

    /** A server of which the user gave the URL alone. */
    public static ServerEntry of(URI url) {
        return new ServerEntry(url.toString(), TransportKind.HTTP, List.of(), Map.of(), url, Map.of(), null, OAuthOptions.DISCOVERED);
    }

    public ServerEntry with(OAuthOptions options) {
        return new ServerEntry(name, transport, command, environment, url, headers, protocolVersion, options);
    }

    public ServerEntry withVersion(String version) {
        return new ServerEntry(name, transport, command, environment, url, headers, version, auth);
    }

    /** The same with more header fields. One of authorization takes the place of OAuth. */
    public ServerEntry withHeaders(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        boolean authorized = more.keySet().stream().anyMatch(header -> header.equalsIgnoreCase("Authorization"));
        return new ServerEntry(name, transport, command, environment, url, Map.copyOf(all), protocolVersion, authorized ? null : auth);
    }

    /** The server's address in one line, for a list of servers. */
    public String address() {
        return transport == TransportKind.STDIO ? String.join(" ", command) : url.toString();
    }

    @Override
    public String toString() {
        return "ServerEntry[" + name + "]";
    }

    static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.forEach(each -> texts.put(each.getKey(), (String) each.getValue()));
        return Map.copyOf(texts);
    }

    /** The transports that a configuration can name. */
    public enum TransportKind {
        STDIO, SSE, HTTP;

        /** Reads the configuration's word; hosts have several for Streamable HTTP. */
        static TransportKind of(String word) {
            return switch (word) {
                case "stdio" -> STDIO;
                case "sse" -> SSE;
                default -> HTTP;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
