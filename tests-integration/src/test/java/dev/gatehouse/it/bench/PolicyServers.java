package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/** MCP servers with policies of 100 rules, which take the same tokens as the server without a policy. */
final class PolicyServers {

    private static final int RULES = 100;

    private PolicyServers() {
    }

    /** Starts a server, and returns the URL of its endpoint. */
    static String start(Servers servers, String name, IntFunction<JsonObject> rule) {
        int port = Ports.free();
        JsonArray rules = new JsonArray();
        for (int i = 0; i < RULES; i++) {
            rules.add(rule.apply(i));
        }
        Path policy = write(servers, name + "-policy.json", new JsonObject().put("default", "allow").put("rules", rules));
        Path configuration = write(servers, name + ".json", new JsonObject().put("port", port).put("authServer", servers.issuer())
            .put("resource", servers.mcp()).put("allowedHosts", new JsonArray().add("localhost:" + port))
            .put("localJwt", new JsonObject().put("enabled", true))
            .put("usage", new JsonObject().put("requestsPerMonth", 1_000_000_000_000L).put("tokensPerMonth", 1_000_000_000_000L))
            .put("policy", new JsonObject().put("file", policy.toString())));
        servers.start(name, port, Product.command("mcp", "--transport", "http", "-conf", configuration.toString()));
        servers.await("http://localhost:" + port + "/.well-known/oauth-protected-resource");
        return "http://localhost:" + port + "/mcp";
    }

    private static Path write(Servers servers, String name, JsonObject content) {
        try {
            return Files.writeString(servers.home.resolve(name), content.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int port(String url) {
        return URI.create(url).getPort();
    }

    /** Rules on groups, clients, tools, arguments and times by turns, as companies have them. */
    static JsonObject mixedRule(int number) {
        JsonObject rule = new JsonObject().put("name", "rule-" + number);
        return switch (number % 5) {
            case 0 -> rule.put("effect", "allow").put("when", "'group-" + number + "' in caller.groups && tool.annotations.readOnlyHint");
            case 1 -> rule.put("effect", "deny").put("when", "caller.client == 'client-" + number + "'");
            case 2 -> rule.put("effect", "deny").put("when", "tool.name == 'delete_secure_note' && arguments.id == 'note_" + number + "'");
            case 3 -> rule.put("effect", "require_step_up").put("when", "tool.annotations.destructiveHint && 'group-" + number + "' in caller.groups")
                .put("maxAgeSeconds", 300);
            default -> rule.put("effect", "require_approval").put("when", "tool.name == 'create_secure_note' && arguments.content.contains('word-" + number + "')");
        };
    }

    /** Each rule has to look at the arguments of every call. */
    static JsonObject ruleOnArguments(int number) {
        return new JsonObject().put("name", "rule-" + number).put("effect", "deny")
            .put("when", "has(arguments.member_" + number + ") && arguments.member_" + number + " == 'x'");
    }
}
