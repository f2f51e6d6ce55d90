package dev.gatehouse.resource.cli;

import dev.gatehouse.shared.cli.PlainOptions;
import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonObject;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command line of {@code gatehouse mcp}. An absent option is null. */
record McpArguments(String host, Integer port, String authServer, String resource, Path configuration, boolean debug) {

    /** The options with a value. */
    static final Set<String> VALUED = Set.of("--transport", "--host", "--port", "--auth-server", "--resource", "-conf");

    /**
     * Parses a command line for stdio.
     *
     * @throws PlainOptions.Misuse for an unknown option or an invalid value
     */
    static McpArguments parse(String... arguments) {
        PlainOptions options = PlainOptions.read("mcp", List.of(arguments), VALUED);
        String transport = options.text("--transport", "stdio");
        options.require(transport.equals("stdio"), "There is no transport " + transport + ". Choose stdio, sse or http.");
        return of(options);
    }

    static McpArguments of(PlainOptions options) {
        return new McpArguments(options.text("--host"), options.port("--port"), options.text("--auth-server"), options.text("--resource"),
            options.configuration(), options.isDebug());
    }

    /** Returns the configuration file, if any, with the options of the command line. */
    JsonObject configuration(Map<String, String> environment) {
        JsonObject json = configuration == null ? new JsonObject() : ConfigFile.read(configuration);
        put(json, "host", host);
        put(json, "port", port);
        put(json, "authServer", authServer);
        put(json, "resource", resource);
        // Options have valid types; only a file needs the validation, which takes time.
        return configuration == null ? json : ConfigFile.check(json, "schema/resource.json", environment);
    }

    private static void put(JsonObject json, String key, Object value) {
        if (value != null) {
            json.put(key, value);
        }
    }
}
