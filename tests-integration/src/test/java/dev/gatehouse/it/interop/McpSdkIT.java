package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.DocumentHost;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Both generations of the MCP TypeScript SDK: a person allows reading alone, and when a call needs to write the client
 * asks for more, once.
 */
final class McpSdkIT {
    private static DocumentHost documents;
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() {
        documents = DocumentHost.start();
        JsonObject fetching = new JsonObject().put("trustFile", documents.certificate().toString());
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("fetching", fetching), new JsonObject());
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
        documents.close();
    }

    /** Generation 1 tries a refresh token first, which never widens a grant, and gives up; so it is given none to keep. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void registeredClientStepsUpInOneRound(int sdk) {
        OAuthClient client = Commands.addConfidentialClient(gatehouse, "http://127.0.0.1/callback");
        assertStepsUp(settings(sdk, new JsonObject().put("id", client.id()).put("secret", client.secret())).put("keepRefresh", sdk == 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void publicClientStepsUpInOneRound(int sdk) {
        String id = Commands.addPublicClient(gatehouse.home(), "http://127.0.0.1/callback");
        assertStepsUp(settings(sdk, new JsonObject().put("id", id)).put("keepRefresh", sdk == 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void clientThatRegistersItselfStepsUpInOneRound(int sdk) {
        JsonObject result = assertStepsUp(settings(sdk, new JsonObject()).put("keepRefresh", sdk == 2));
        assertThat(result.getJsonObject("information").getString("client_id")).isNotEmpty().doesNotStartWith("https:");
    }

    /** The SDK prefers its document to registration, since metadata says that documents are taken. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void clientWithAMetadataDocumentStepsUpInOneRound(int sdk) {
        String id = documents.publish("/" + sdk + "/client.json", new JsonObject().put("client_name", "Document client")
            .put("redirect_uris", JsonArray.of("http://127.0.0.1/callback")).put("token_endpoint_auth_method", "none")
            .put("grant_types", JsonArray.of("authorization_code", "refresh_token")).put("response_types", JsonArray.of("code")));
        JsonObject result = assertStepsUp(settings(sdk, new JsonObject().put("metadataUrl", id)).put("keepRefresh", sdk == 2));
        assertThat(result.getJsonObject("information").getString("client_id")).isEqualTo(id);
    }

    private JsonObject assertStepsUp(JsonObject settings) {
        Journey journey = gatehouse.journey();
        List<String> pages = new ArrayList<>();
        JsonObject result = NodeProgram.run("mcp-oauth.mjs", settings, Map.of("AUTHORIZE", url -> {
            pages.add(journey.login(url).document().text().replaceAll("mcp:\\w+ ", ""));
            String callback = pages.size() == 1 ? journey.allowOnly(url, "mcp:read").toString() : journey.allow(url).toString();
            assertThat(Http.get(callback).statusCode()).isEqualTo(200);
        }));
        assertThat(pages).as("rounds of login and consent").hasSize(2);
        assertThat(pages.get(0)).doesNotContain("asks for more");
        assertThat(pages.get(1)).contains("asks for more").contains("Read your data Allowed before").contains("Change your data New");
        assertThat(result.getJsonObject("first").getString("scope")).isEqualTo("mcp:read");
        assertThat(scopes(result.getJsonArray("rounds").getString(1))).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        assertThat(scopes(result.getJsonObject("tokens").getString("scope"))).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        assertThat(result.getJsonArray("tools")).as("what a person may be asked for").contains("get_user_profile", "create_secure_note");
        for (String call : List.of("profile", "created", "notes")) {
            assertThat(result.getJsonObject(call).getBoolean("isError", false)).as(result.getJsonObject(call).encode()).isFalse();
        }
        return result;
    }

    private static Set<String> scopes(String text) {
        return Set.of(text.split(" "));
    }

    private JsonObject settings(int sdk, JsonObject client) {
        return new JsonObject().put("sdk", sdk).put("url", gatehouse.mcp()).put("client", client)
            .put("redirectUri", "http://127.0.0.1:" + Ports.free() + "/callback");
    }
}
