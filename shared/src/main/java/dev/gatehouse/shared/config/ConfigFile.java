package dev.gatehouse.shared.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gatehouse.shared.json.StrictJson;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads configuration files, fills in variables, and checks the result against a schema. Blocking. */
public final class ConfigFile {

    private static final Map<String, JsonObject> SCHEMAS = new ConcurrentHashMap<>();

    private ConfigFile() {
    }

    /**
     * Reads a file without filling in variables.
     *
     * @param file the file
     * @return the configuration, with its variables
     * @throws StartupException when it cannot be read or is not a JSON object, with the line and column
     */
    public static JsonObject read(Path file) {
        try {
            return StrictJson.located(Files.readAllBytes(file))
                .orElseThrow(() -> new StartupException("The configuration file " + file + " must hold a JSON object: { … }"));
        } catch (JsonProcessingException e) {
            throw new StartupException("The configuration file " + file + " is not valid JSON, at line "
                + e.getLocation().getLineNr()
                + ", column " + e.getLocation().getColumnNr() + ": " + reason(e), e);
        } catch (IOException e) {
            throw new StartupException("Cannot read the configuration file " + file
                + ". Check its name and that this user may read it.", e);
        }
    }

    /** The parser's reason, without its note about the source, which it does not show. */
    private static String reason(JsonProcessingException e) {
        return e.getOriginalMessage().replaceAll("\\s*\\([^(\\[]*\\[Source: .*", "");
    }

    /**
     * Fills in variables and checks a configuration.
     *
     * @param configuration the configuration, with its variables
     * @param schemaResource a JSON schema on the class path, such as {@code schema/authz.json}
     * @param environment the values of {@code ${NAME}} and {@code ${NAME:-default}}
     * @return the configuration with every variable filled in
     * @throws StartupException that lists every problem with the path of its key
     */
    public static JsonObject check(JsonObject configuration, String schemaResource, Map<String, String> environment) {
        return check(configuration, sharedSchema(schemaResource), environment);
    }

    /**
     * Fills in variables and checks a configuration against a schema that is built at run time.
     *
     * @param configuration the configuration, with its variables
     * @param schema the JSON schema
     * @param environment the values of the variables
     * @return the configuration with every variable filled in
     * @throws StartupException that lists every problem with the path of its key
     */
    public static JsonObject check(JsonObject configuration, JsonObject schema, Map<String, String> environment) {
        Variables variables = new Variables(environment);
        JsonObject filled = variables.fill(configuration, schema);
        List<String> problems = variables.problems();
        if (problems.isEmpty()) {
            problems = SchemaCheck.problems(filled, schema);
        }
        if (!problems.isEmpty()) {
            throw new StartupException("The configuration has "
                + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                + ":\n  " + String.join("\n  ", problems));
        }
        return filled;
    }

    /**
     * Reads a schema from the class path. The caller may change the result.
     *
     * @param resource the name on the class path
     * @return the schema
     */
    public static JsonObject schema(String resource) {
        return sharedSchema(resource).copy();
    }

    /** Reads each schema once. The caller must not change it. */
    static JsonObject sharedSchema(String resource) {
        return SCHEMAS.computeIfAbsent(resource, ConfigFile::readSchema);
    }

    private static JsonObject readSchema(String resource) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream stream = (loader == null ? ConfigFile.class.getClassLoader() : loader)
            .getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("No schema " + resource + " on the class path");
            }
            return new JsonObject(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read the schema " + resource, e);
        }
    }
}
