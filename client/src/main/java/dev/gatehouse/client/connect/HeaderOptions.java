package dev.gatehouse.client.connect;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Option;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The header fields that a user adds to the requests to a server. */
public final class HeaderOptions {

    private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    @Option(names = "--header", paramLabel = "NAME:VALUE",
        description = "Header field of every request; repeatable. $${VARIABLE} is taken from the environment, which keeps a secret out of the list of"
            + " processes. An Authorization field takes the place of the sign-in.")
    private List<String> fields = List.of();

    /** The server with these header fields. @throws StartupException for a field that is none, or a variable that is not set */
    public ServerEntry addTo(ServerEntry server) {
        return fields.isEmpty() ? server : server.withHeaders(values(fields, System.getenv()));
    }

    static Map<String, String> values(List<String> fields, Map<String, String> environment) {
        JsonObject written = new JsonObject();
        for (String field : fields) {
            int colon = field.indexOf(':');
            if (colon < 1 || !field.substring(0, colon).matches(NAME) || field.matches("(?s).*[\\r\\n\\x00].*")) {
                throw new StartupException("--header: expected NAME:VALUE, as in \"X-Api-Key:${KEY}\".");
            }
            written.put(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        JsonObject text = new JsonObject().put("type", "string");
        JsonObject schema = new JsonObject().put("type", "object").put("properties", new JsonObject().put("header",
            new JsonObject().put("type", "object").put("additionalProperties", text)));
        Map<String, String> values = new HashMap<>();
        ConfigFile.check(new JsonObject().put("header", written), schema, environment).getJsonObject("header")
            .forEach(each -> values.put(each.getKey(), String.valueOf(each.getValue())));
        return values;
    }
}
