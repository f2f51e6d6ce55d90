package dev.gatehouse.it.conformance;

import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official MCP conformance suite against the authorization server, for each way in which a client comes to be known,
 * public and confidential. The suite takes the method {@code none} wherever metadata names it, so a confidential client
 * is tried at a server without public clients.
 */
final class AuthorizationServerSuiteIT {
    private static final String CALLBACK = "http://127.0.0.1/callback";
    private static RunningGatehouse open;
    private static RunningGatehouse confidential;

    @BeforeAll
    static void start() {
        open = RunningGatehouse.up();
        JsonObject methods = new JsonObject().put("methods", JsonArray.of("client_secret_basic", "client_secret_post"));
        confidential = RunningGatehouse.configured(new JsonObject().put("clientAuthentication", methods), new JsonObject());
    }

    @AfterAll
    static void stop() {
        open.close();
        confidential.close();
    }

    @Test
    void registeredPublicClient() {
        String id = Commands.addPublicClient(open.home(), CALLBACK);
        Suite.passes(open, new OAuthClient(open.issuer(), id, null, CALLBACK));
    }

    @Test
    void registeredConfidentialClient() {
        Suite.passes(confidential, Commands.addConfidentialClient(confidential, CALLBACK));
    }
}
