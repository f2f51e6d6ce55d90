package dev.gatehouse.client.config;

import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The servers of {@code mcp_config.json}: the list {@code servers} with the keys of the schema, or the object {@code mcpServers} that MCP
 * hosts use, whose other keys are other hosts' and are skipped. Blocking.
 */
public record McpConfig(List<ServerEntry> servers) {

    public static final String FILE = "mcp_config.json";
    private static final String SCHEMA = "schema/mcp_config.json";

    public static McpConfig none() {
        return new McpConfig(List.of());
    }

    /**
     * Reads the configuration.
     *
     * @param file that the user named; or null for that of the working directory, else of the data home, else none
     * @throws StartupException that names each wrong key by its path
     */
    public static McpConfig load(Path file, Path workingDirectory, Map<String, String> environment) {
        if (file != null) {
            return read(file, environment);
        }
        return Stream.of(workingDirectory.resolve(FILE), DataHome.of(environment).file(FILE)).filter(Files::isRegularFile).findFirst()
            .map(found -> read(found, environment)).orElseGet(McpConfig::none);
    }

    private static McpConfig read(Path file, Map<String, String> environment) {
        try {
            return parse(ConfigFile.read(file), environment);
        } catch (StartupException e) {
            throw e.getMessage().contains(file.toString()) ? e : new StartupException(file + ": " + e.getMessage());
        }
    }

    /** Checks a configuration. @throws StartupException that names each wrong key by its path */
    static McpConfig parse(JsonObject configuration, Map<String, String> environment) {
        JsonObject checked = ConfigFile.check(configuration, schema(), environment);
        List<ServerEntry> servers = new ArrayList<>();
        JsonArray list = checked.getJsonArray("servers", new JsonArray());
        for (int i = 0; i < list.size(); i++) {
            servers.add(entry("servers[" + i + "]", list.getJsonObject(i).getString("name"), list.getJsonObject(i)));
        }
        JsonObject named = checked.getJsonObject("mcpServers", new JsonObject());
        named.fieldNames().forEach(name -> servers.add(entry("mcpServers." + name, name, named.getJsonObject(name))));
        requireDistinctNames(servers);
        return new McpConfig(List.copyOf(servers));
    }

    /** The schema of the file, in which an entry of other hosts has the same keys in their spelling, and any further ones. */
    private static JsonObject schema() {
        JsonObject schema = ConfigFile.schema(SCHEMA);
        JsonObject properties = schema.getJsonObject("properties");
        JsonObject server = properties.getJsonObject("servers").getJsonObject("items").copy();
        server.remove("additionalProperties");
        server.remove("required");
        JsonObject words = server.getJsonObject("properties").getJsonObject("command");
        server.getJsonObject("properties").put("args", new JsonObject().put("type", "array").put("items", new JsonObject().put("type", "string")))
            .put("command", new JsonObject().put("anyOf", JsonArray.of(new JsonObject().put("type", "string"), words)))
            .put("type", new JsonObject().put("type", "string").put("enum", JsonArray.of("stdio", "sse", "http", "streamable-http", "streamableHttp")));
        properties.getJsonObject("mcpServers").put("additionalProperties", server);
        return schema;
    }

    private static ServerEntry entry(String path, String name, JsonObject server) {
        List<String> command = command(server);
        String word = server.getString("transport", server.getString("type", command.isEmpty() ? "http" : "stdio"));
        TransportKind transport = TransportKind.of(word);
        String url = server.getString("url");
        if (transport == TransportKind.STDIO && command.isEmpty()) {
            throw new StartupException(path + ".command: missing. A server over stdio needs the program to start, as in [\"uv\", \"run\", \"server\"].");
        }
        if (transport != TransportKind.STDIO && url == null) {
            throw new StartupException(path + ".url: missing. A server over " + transport + " needs its address, as in \"http://localhost:8001/mcp\".");
        }
        JsonObject auth = server.getJsonObject("auth", new JsonObject());
        return new ServerEntry(name, transport, command, ServerEntry.texts(server.getJsonObject("env", new JsonObject())),
            transport == TransportKind.STDIO ? null : url(path, url), ServerEntry.texts(server.getJsonObject("headers", new JsonObject())),
            server.getString("protocol_version"), auth(path, transport, server, auth));
    }

    private static OAuthOptions auth(String path, TransportKind transport, JsonObject server, JsonObject auth) {
        boolean left = "none".equals(auth.getString("type")) || transport == TransportKind.STDIO && !server.containsKey("auth")
            || server.getJsonObject("headers", new JsonObject()).stream().anyMatch(each -> each.getKey().equalsIgnoreCase("Authorization"));
        if (left) {
            return null;
        }
        OAuthOptions options = OAuthOptions.of(auth);
        require(path, "token_url", options.tokenUrl() != null || options.authorizationUrl() == null, "authorization_url needs it");
        require(path, "token_url", options.tokenUrl() != null || transport != TransportKind.STDIO, "a server over stdio names no authorization server");
        require(path, "assertion", options.assertion() != null || options.grant() != OAuthOptions.GrantKind.JWT_BEARER, "the grant needs it");
        require(path, "identity_provider", options.identityProvider() != null || options.grant() != OAuthOptions.GrantKind.IDENTITY_ASSERTION,
            "the grant needs it");
        return options;
    }

    private static void require(String path, String key, boolean met, String reason) {
        if (!met) {
            throw new StartupException(path + ".auth." + key + ": missing; " + reason + ".");
        }
    }

    private static URI url(String path, String url) {
        try {
            return SecureUrl.parse(url, path + ".url");
        } catch (CallException e) {
            throw new StartupException(path + ".url: expected an http or https URL, found " + url, e);
        }
    }

    private static List<String> command(JsonObject server) {
        List<String> command = new ArrayList<>();
        Object program = server.getValue("command");
        if (program instanceof JsonArray words) {
            words.forEach(word -> command.add((String) word));
        } else if (program instanceof String word) {
            command.add(word);
        }
        server.getJsonArray("args", new JsonArray()).forEach(word -> command.add((String) word));
        return List.copyOf(command);
    }

    private static void requireDistinctNames(List<ServerEntry> servers) {
        Map<String, ServerEntry> byName = new LinkedHashMap<>();
        for (ServerEntry server : servers) {
            if (byName.put(server.name(), server) != null) {
                throw new StartupException("servers: two servers have the name " + server.name() + ". Give each a name of its own.");
            }
        }
    }

    public Optional<ServerEntry> server(String name) {
        return servers.stream().filter(server -> server.name().equals(name)).findFirst();
    }
}
