package dev.gatehouse.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.client.transport.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A connection in the newest revision, to a server in the same process. */
final class McpConnectionTest {

    private final Vertx vertx = Vertx.vertx();
    private final List<JsonObject> requests = new ArrayList<>();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    /** Answers each request a moment later. */
    private final class Server implements Transport {

        private final Function<JsonObject, JsonObject> results;
        private Listener listener;

        Server(Function<JsonObject, JsonObject> results) {
            this.results = results;
        }

        @Override
        public Future<Void> open(Listener receiver) {
            listener = receiver;
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> send(JsonObject message, Map<String, String> headers) {
            requests.add(message);
            if (message.containsKey("id")) {
                JsonObject result = message.getString("method").equals("server/discover")
                    ? new JsonObject().put("supportedVersions", JsonArray.of("2026-07-28")).put("capabilities", new JsonObject()) : results.apply(message);
                vertx.runOnContext(later -> listener.received(new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id")).put("result", result)));
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private McpConnection connect(ClientFeatures features, Function<JsonObject, JsonObject> results) {
        return McpConnection.open(vertx, new Server(results), new McpConnection.Options(null, "1", 5_000, null, features, told -> { }, told -> { })).await();
    }

    private static JsonObject input(String method) {
        return new JsonObject().put("resultType", "input_required").put("requestState", "state")
            .put("inputRequests", new JsonObject().put("one", new JsonObject().put("method", method).put("params", new JsonObject())));
    }

    @Test
    void theRootsAreToldWhenAServerAsks() {
        ClientFeatures features = new ClientFeatures(null, null, List.of(URI.create("file:///projects/weather/")));
        McpConnection connection = connect(features, message -> message.getJsonObject("params").containsKey("inputResponses")
            ? new JsonObject().put("resultType", "complete").put("content", new JsonArray()) : input("roots/list"));
        connection.callTool("where", new JsonObject(), null).await();
        JsonObject last = requests.get(requests.size() - 1).getJsonObject("params");
        assertThat(last.getJsonObject("inputResponses").getJsonObject("one"))
            .isEqualTo(new JsonObject().put("roots", JsonArray.of(new JsonObject().put("uri", "file:///projects/weather/"))));
        assertThat(last.getString("requestState")).isEqualTo("state");
    }

    @Test
    void aServerThatNeverStopsAskingIsLeftAfterTenRounds() {
        McpConnection connection = connect(new ClientFeatures(null, null, List.of()), message -> input("roots/list"));
        assertThatThrownBy(() -> connection.callTool("endless", new JsonObject(), null).await()).isInstanceOf(CallFailure.class)
            .hasMessageContaining("10 times");
        assertThat(requests.stream().filter(each -> "tools/call".equals(each.getString("method")))).hasSize(10);
    }

    @Test
    void whatTheClientDoesNotOfferIsNotAnswered() {
        McpConnection connection = connect(ClientFeatures.NONE, message -> input("sampling/createMessage"));
        assertThatThrownBy(() -> connection.callTool("model", new JsonObject(), null).await()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(requests.get(0).getJsonObject("params").getJsonObject("_meta").getJsonObject("io.modelcontextprotocol/clientCapabilities")).isEmpty();
    }

    @Test
    void aListThatHasNoEndIsCutShort() {
        McpConnection connection = connect(ClientFeatures.NONE, message -> new JsonObject().put("nextCursor", "again")
            .put("resources", JsonArray.of(new JsonObject().put("uri", "x:y"))));
        assertThat(connection.resources().await()).hasSize(1_000);
    }
}
