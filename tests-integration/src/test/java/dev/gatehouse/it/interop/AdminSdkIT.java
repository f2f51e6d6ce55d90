package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

/** A linter reads the OpenAPI document of the administration, and a client that a generator makes from it calls each operation. */
final class AdminSdkIT {
    private static final String TOOL = "admin-tool";
    private static final String REDIRECT_URI = "http://127.0.0.1/callback";
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() {
        JsonObject policy = new JsonObject().put("name", "notes").put("file", Product.scratch("policy").resolve("policy.json").toString());
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("admin", new JsonObject().put("fourEyes", true).put("policies", new JsonArray().add(policy))), new JsonObject());
        Commands.requireRun(gatehouse.home(), "client", "add", TOOL, "--public", "--redirect-uri", REDIRECT_URI, "--scope", "admin:read admin:write");
        Commands.addUser(gatehouse.home(), "second", "a long unusual sentence");
        Commands.addUser(gatehouse.home(), "guest", "a long unusual sentence");
        Commands.requireRun(gatehouse.home(), "user", "role", "second", "owner");
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
    }

    private static Journey journey(String username) {
        return new Journey(new Browser(gatehouse.issuer()), username, "a long unusual sentence");
    }

    private static String token(Journey journey) {
        return journey.tokens(new OAuthClient(gatehouse.issuer(), TOOL, null, REDIRECT_URI), "scope", "admin:read admin:write", "resource", gatehouse.issuer() + "/admin/v1").access();
    }

    @Test
    void generatedClientCallsEachOperationOfADocumentWithoutProblems() {
        String guest = journey("guest").tokens(gatehouse.publicClient(), "scope", "mcp:read").access();
        JsonObject claims = new JsonObject(gatehouse.client().introspect(guest).body());
        Path directory = Product.scratch("sdk");
        JsonObject settings = new JsonObject().put("document", gatehouse.issuer() + "/admin/v1/openapi.json").put("directory", directory.toString())
            .put("tokens", new JsonArray().add(token(gatehouse.journey())).add(token(journey("second"))))
            .put("guest", new JsonObject().put("sub", claims.getString("sub")).put("username", "guest"));
        JsonObject result = NodeProgram.run("admin-sdk.mjs", settings, Map.of());
        assertThat(result.getJsonArray("problems")).isEmpty();
        assertThat(result.getInteger("operations")).isGreaterThan(40);
        assertThat(result.getJsonArray("missed")).isEmpty();
    }
}
