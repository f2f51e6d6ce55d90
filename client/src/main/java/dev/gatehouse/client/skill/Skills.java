package dev.gatehouse.client.skill;

import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.transport.CallFailure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The skills of one server (extension {@code io.modelcontextprotocol/skills}, SEP-2640). A file is fetched when it is needed, and verified before it is used. */
public final class Skills {

    private static final String EXTENSION = "io.modelcontextprotocol/skills";

    private final McpConnection connection;

    private Skills(McpConnection connection) {
        this.connection = connection;
    }

    /** The skills of a server; empty when it does not have the extension. */
    public static Optional<Skills> of(McpConnection connection) {
        boolean offered = connection.server().getValue("capabilities") instanceof JsonObject capabilities
            && capabilities.getValue("extensions") instanceof JsonObject extensions && extensions.containsKey(EXTENSION)
            // A server that was never asked for its capabilities may have them.
            || !connection.server().containsKey("capabilities");
        return offered ? Optional.of(new Skills(connection)) : Optional.empty();
    }

    /** The entries that can be verified; the list may be a part of what there is. Fetches no file. */
    public Future<List<Skill>> list() {
        return connection.skills().map(entries -> entries.stream().map(Skill::of).flatMap(Optional::stream).toList());
    }

    /** The entry of one skill as it is now. */
    public Future<Skill> get(String uri) {
        return connection.request("skills/get", new JsonObject().put("uri", uri)).map(result -> Skill.of(result.getValue("skill")).filter(skill -> skill.uri().equals(uri))
            .orElseThrow(() -> new CallFailure("The server gives no entry of " + uri + " that its files can be verified against")));
    }

    /** Fetches SKILL.md; fails with {@link CallFailure} when it is not what the entry says. */
    public Future<String> load(Skill skill) {
        return content(skill.uri()).map(skill::verifiedText);
    }

    /** Fetches a file of a loaded skill; fails with {@link CallFailure} when it is not what the entry says. */
    public Future<String> read(Skill skill, String file) {
        return content(file).map(content -> new String(skill.verified(file, content), StandardCharsets.UTF_8));
    }

    private Future<byte[]> content(String uri) {
        return connection.readResource(uri).map(result -> {
            JsonArray contents = result.getValue("contents") instanceof JsonArray list ? list : new JsonArray();
            if (contents.size() == 1 && contents.getValue(0) instanceof JsonObject content) {
                if (content.getValue("text") instanceof String text) {
                    return text.getBytes(StandardCharsets.UTF_8);
                }
                if (content.getValue("blob") instanceof String blob) {
                    return decoded(uri, blob);
                }
            }
            throw new CallFailure("The server did not answer with the file " + uri);
        });
    }

    private static byte[] decoded(String uri, String blob) {
        try {
            return Base64.getDecoder().decode(blob);
        } catch (IllegalArgumentException e) {
            throw new CallFailure("The server did not answer with the file " + uri);
        }
    }
}
