package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.DocumentHost;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/**
 * The official MCP conformance suite against the authorization server, for each way in which a client comes to be known,
 * public and confidential. The suite takes the method {@code none} wherever metadata names it, so a confidential client
 * is tried at a server without public clients.
 */
final class AuthorizationServerSuiteIT {
    private static final String CALLBACK = "http://127.0.0.1/callback";
    private static RunningGatehouse open;
    private static RunningGatehouse confidential;
    private static DocumentHost documents;

    @BeforeAll
    static void start() {
        documents = DocumentHost.start();
        JsonObject fetching = new JsonObject().put("fetching", new JsonObject().put("trustFile", documents.certificate().toString()));
        open = RunningGatehouse.inProcess(fetching, new JsonObject());
        JsonObject methods = new JsonObject().put("methods", JsonArray.of("client_secret_basic", "client_secret_post"));
        confidential = RunningGatehouse.inProcess(new JsonObject().put("clientAuthentication", methods), new JsonObject());
    }

    @AfterAll
    static void stop() {
        open.close();
        confidential.close();
        documents.close();
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

    @Test
    void dynamicallyRegisteredPublicClient() {
        Suite.passes(open, registered(open, "none"));
    }

    /** The suite posts the secret wherever metadata names that. */
    @Test
    void dynamicallyRegisteredConfidentialClient() {
        Suite.passes(confidential, registered(confidential, "client_secret_post"));
    }

    private static OAuthClient registered(RunningGatehouse gatehouse, String method) {
        JsonObject asked = new JsonObject().put("redirect_uris", JsonArray.of(CALLBACK)).put("client_name", "Suite")
            .put("token_endpoint_auth_method", method).put("grant_types", JsonArray.of("authorization_code", "refresh_token"));
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", Http.JSON, asked.encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonObject client = new JsonObject(answer.body());
        return new OAuthClient(gatehouse.issuer(), client.getString("client_id"), client.getString("client_secret"), CALLBACK);
    }

    /** Public, for the suite knows no key of a client, and such a document can hold no secret. */
    @Test
    void clientWithAMetadataDocument() {
        String id = documents.publish("/suite/client.json", new JsonObject().put("client_name", "Suite")
            .put("redirect_uris", JsonArray.of(CALLBACK)).put("token_endpoint_auth_method", "none"));
        Suite.passes(open, new OAuthClient(open.issuer(), id, null, CALLBACK));
        assertThat(documents.fetches()).isPositive();
    }
}
