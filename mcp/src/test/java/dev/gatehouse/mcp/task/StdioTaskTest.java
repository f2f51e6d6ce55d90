package dev.gatehouse.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.StdioHost;
import dev.gatehouse.mcp.support.TaskPeer;
import dev.gatehouse.mcp.support.TaskTools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Set;

/** Tasks over the one channel of a process. */
@Timeout(90)
class StdioTaskTest {

    private final TaskTools tools = new TaskTools();
    private Vertx vertx;
    private StdioHost host;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        Principal alice = new Principal("http://issuer", "alice", "client", Set.of("mcp:read", "mcp:write"), SampleServer.NEVER, new JsonObject());
        host = new StdioHost(vertx, tools.features(), () -> Future.succeededFuture(alice));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private void request(Object id, String method, JsonObject params) throws Exception {
        JsonObject meta = StatelessPeer.meta();
        meta.getJsonObject("io.modelcontextprotocol/clientCapabilities")
            .put("extensions", new JsonObject().put("io.modelcontextprotocol/tasks", new JsonObject()));
        host.request(id, method, params.copy().put("_meta", meta));
    }

    @Test
    void aTaskIsBegunFetchedAndToldOfWhereOtherCallsGoOn() throws Exception {
        request(1, "tools/call", new JsonObject().put("name", "work").put("arguments", new JsonObject()));
        JsonObject created = host.read().getJsonObject("result");
        assertThat(created.getString("resultType")).isEqualTo("task");
        String task = created.getString("taskId");
        request("listen", "subscriptions/listen", new JsonObject().put("notifications", new JsonObject().put("taskIds", new JsonArray().add(task))));
        assertThat(host.read().getString("method")).isEqualTo("notifications/subscriptions/acknowledged");
        assertThat(host.read().getJsonObject("params").getString("status")).isEqualTo("working");

        request(2, "tools/call", new JsonObject().put("name", "plain").put("arguments", new JsonObject()));
        assertThat(host.read().getInteger("id")).isEqualTo(2);
        tools.work.complete(ToolResult.of("finished"));
        JsonObject told = host.read();
        assertThat(told.getString("method")).isEqualTo("notifications/tasks");
        assertThat(told.getJsonObject("params").getString("status")).isEqualTo("completed");
        assertThat(told.getJsonObject("params").getJsonObject("_meta").getString("io.modelcontextprotocol/subscriptionId")).isEqualTo("listen");

        request(3, "tasks/get", TaskPeer.id(task));
        assertThat(host.read().getJsonObject("result").getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text"))
            .isEqualTo("finished");
    }

    @Test
    void anEraWithoutTasksRunsWhatItCanAndIsToldWhatItCannot() throws Exception {
        tools.work.complete(ToolResult.of("finished"));
        host.initialize();
        host.call(1, "work", new JsonObject());
        JsonObject finished = host.read().getJsonObject("result");
        assertThat(finished.getJsonArray("content").getJsonObject(0).getString("text")).isEqualTo("finished");
        assertThat(finished.containsKey("taskId")).isFalse();
        host.call(2, "must", new JsonObject());
        JsonObject refused = host.read().getJsonObject("result");
        assertThat(refused.getBoolean("isError")).isTrue();
        assertThat(refused.getJsonArray("content").getJsonObject(0).getString("text")).contains("io.modelcontextprotocol/tasks");
        assertThat(tools.calls).hasValue(1);
    }
}
