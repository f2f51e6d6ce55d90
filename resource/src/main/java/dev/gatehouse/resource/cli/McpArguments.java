package dev.gatehouse.resource.cli;

import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonObject;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The command line of {@code gatehouse mcp}. An absent option is null. */
record McpArguments(String host, Integer port, String authServer, String resource, Path configuration, boolean debug) {

    private static final int HIGHEST_PORT = 65_535;

    /** An invalid command line. */
    static final class Misuse extends RuntimeException {

        Misuse(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Parses a command line for stdio. It uses no library, because loading one takes longer than everything else before the first
     * response.
     *
     * @throws Misuse for an unknown option or an invalid value
     */
    static McpArguments parse(String... arguments) {
        JsonObject values = new JsonObject();
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String word = words.next();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals < 0 ? word : word.substring(0, equals);
            if (name.equals("--debug")) {
                values.put(name, true);
            } else {
                requireOption(name);
                values.put(name, equals < 0 ? next(words, name) : word.substring(equals + 1));
            }
        }
        requireStdio(values.getString("--transport", "stdio"));
        String conf = values.getString("-conf", values.getString("--conf"));
        return new McpArguments(values.getString("--host"), number(values.getString("--port")), values.getString("--auth-server"),
            values.getString("--resource"), conf == null ? null : Path.of(conf), values.getBoolean("--debug", false));
    }

    private static void requireOption(String name) {
        if (!List.of("--transport", "--host", "--port", "--auth-server", "--resource", "-conf", "--conf").contains(name)) {
            throw new Misuse("There is no option " + name + ". Run: gatehouse mcp --help");
        }
    }

    private static String next(Iterator<String> words, String name) {
        if (!words.hasNext()) {
            throw new Misuse("The option " + name + " needs a value. Run: gatehouse mcp --help");
        }
        return words.next();
    }

    private static void requireStdio(String transport) {
        if (!transport.equals("stdio")) {
            throw new Misuse("There is no transport " + transport + ". Choose stdio, sse or http.");
        }
    }

    private static Integer number(String text) {
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
            throw new Misuse("--port: " + text + " is not a port number");
        }
        return Integer.valueOf(text);
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
