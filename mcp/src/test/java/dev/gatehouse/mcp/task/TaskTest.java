package dev.gatehouse.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.TaskPeer;
import dev.gatehouse.mcp.support.TaskTools;
import dev.gatehouse.mcp.support.TransportLimits;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** The extension {@code io.modelcontextprotocol/tasks}, over HTTP. */
class TaskTest {

    private static final String EXTENSION = "io.modelcontextprotocol/tasks";

    private final TaskTools tools = new TaskTools();
    private Vertx vertx;
    private SampleServer server;
    private TaskPeer alice;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, tools.features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        alice = peer("alice", true);
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private TaskPeer peer(String token, boolean declares) {
        return new TaskPeer(vertx, server.port(), token, declares);
    }

    private static int errorCode(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getJsonObject("error").getInteger("code");
    }

    private static String text(JsonObject task) {
        return task.getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }

    private JsonObject awaitStatus(String task, String status) throws Exception {
        JsonObject[] last = new JsonObject[1];
        Eventually.holds(() -> {
            try {
                last[0] = alice.get(task);
                return last[0].getString("status").equals(status);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return last[0];
    }

    @Test
    void theToolOfATaskHearsThatTheServerStops() throws Exception {
        alice.begin("work");
        assertThat(tools.cancelled.future().isComplete()).isFalse();
        server.transport.close();
        Waiting.on(tools.cancelled.future());
    }

    @Test
    void theToolOfATaskHearsThatItsTimeIsOverThoughNobodyAsksForIt() throws Exception {
        SteppingClock clock = new SteppingClock("2026-01-01T00:00:00Z");
        McpTransportOptions options = new TransportLimits().idleSeconds(10).queueBytes(100_000).options();
        SampleServer other = Waiting.on(SampleServer.start(vertx, tools.features(), options, clock));
        new TaskPeer(vertx, other.port(), "alice", true).begin("work");
        clock.advance(Duration.ofMinutes(59));
        Waiting.on(vertx.timer(1_500));
        assertThat(tools.cancelled.future().isComplete()).isFalse();
        clock.advance(Duration.ofMinutes(2));
        Waiting.on(tools.cancelled.future());
    }

    @Test
    void aCallGoesOnBehindItsAnswerAndItsResultIsFetchedLater() throws Exception {
        JsonObject created = alice.call("work");
        assertThat(created.getString("resultType")).isEqualTo("task");
        assertThat(created.getString("status")).isEqualTo("working");
        assertThat(created.getString("taskId")).hasSizeGreaterThanOrEqualTo(43);
        assertThat(created.getLong("ttlMs")).isPositive();
        assertThat(created.fieldNames()).doesNotContain("result", "error", "inputRequests", "requestState", "task");

        JsonObject working = alice.get(created.getString("taskId"));
        assertThat(working.getString("resultType")).isEqualTo("complete");
        assertThat(working.getString("status")).isEqualTo("working");
        assertThat(working.fieldNames()).doesNotContain("result", "error", "inputRequests");

        tools.work.complete(ToolResult.of("finished"));
        JsonObject completed = awaitStatus(created.getString("taskId"), "completed");
        assertThat(text(completed)).isEqualTo("finished");
        assertThat(alice.get(created.getString("taskId"))).isEqualTo(completed);
        assertThat(tools.calls).hasValue(1);
    }

    @Test
    void aToolMayDecideToAnswerAtOnceAndOneThatKnowsNoTasksAlwaysDoes() throws Exception {
        for (String tool : new String[] {"quick", "plain"}) {
            JsonObject result = alice.call(tool);
            assertThat(result.getString("resultType")).isEqualTo("complete");
            assertThat(result.containsKey("taskId")).isFalse();
            assertThat(result.getJsonArray("content")).hasSize(1);
        }
    }

    @Test
    void aClientWithoutTheExtensionGetsResultsAndNoTasks() throws Exception {
        tools.work.complete(ToolResult.of("finished"));
        JsonObject result = peer("alice", false).call("work");
        assertThat(result.getString("resultType")).isEqualTo("complete");
        assertThat(result.containsKey("taskId")).isFalse();
    }

    @Test
    void aToolThatMustRunAsATaskRefusesAClientWithoutTheExtensionBeforeItRuns() throws Exception {
        HttpResponse<Buffer> refused = peer("alice", false).send("tools/call", new JsonObject().put("name", "must"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(errorCode(refused)).isEqualTo(-32021);
        assertThat(refused.bodyAsJsonObject().getJsonObject("error").getJsonObject("data").getJsonObject("requiredCapabilities")
            .getJsonObject("extensions").containsKey(EXTENSION)).isTrue();
        assertThat(tools.calls).hasValue(0);
        assertThat(alice.begin("must")).isNotNull();
        assertThat(tools.calls).hasValue(1);
    }

    @Test
    void theMethodsOfTasksNeedTheExtension() throws Exception {
        String task = alice.begin("work");
        TaskPeer without = peer("alice", false);
        for (String method : new String[] {"tasks/get", "tasks/update", "tasks/cancel"}) {
            assertThat(errorCode(without.send(method, TaskPeer.id(task).put("inputResponses", new JsonObject())))).isEqualTo(-32021);
        }
        assertThat(alice.get(task).getString("status")).isEqualTo("working");
    }

    @Test
    void anErrorOfTheToolCompletesItsTaskAndAnErrorOfTheProtocolFailsIt() throws Exception {
        JsonObject erred = awaitStatus(alice.begin("must"), "completed");
        assertThat(erred.getJsonObject("result").getBoolean("isError")).isTrue();
        JsonObject threw = awaitStatus(alice.begin("throws"), "completed");
        assertThat(threw.getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(threw.encode()).doesNotContain(SampleTools.SECRET);

        JsonObject failed = awaitStatus(alice.begin("roots"), "failed");
        assertThat(failed.getJsonObject("error").getInteger("code")).isEqualTo(-32021);
        assertThat(failed.containsKey("result")).isFalse();
        assertThat(failed.getString("statusMessage")).isEqualTo(failed.getJsonObject("error").getString("message"));
    }

    @Test
    void badArgumentsAreToldAtOnce() throws Exception {
        JsonObject result = alice.result("tools/call",
            new JsonObject().put("name", "must").put("arguments", new JsonObject().put("count", "many")));
        assertThat(result.getString("resultType")).isEqualTo("complete");
        assertThat(result.getBoolean("isError")).isTrue();
        assertThat(tools.calls).hasValue(0);
    }

    @Test
    void aTaskWaitsForAllAnswersAndIgnoresThoseThatNobodyAskedFor() throws Exception {
        String task = alice.begin("asks");
        JsonObject waiting = alice.get(task);
        assertThat(waiting.getString("status")).isEqualTo("input_required");
        assertThat(waiting.getJsonObject("inputRequests").fieldNames()).containsExactlyInAnyOrder("colour", "size");
        assertThat(waiting.getJsonObject("inputRequests").getJsonObject("size").getString("method")).isEqualTo("elicitation/create");

        JsonObject acknowledged = alice.update(task, new JsonObject().put("colour", TaskPeer.accepted("red")).put("other", TaskPeer.accepted("x")));
        assertThat(acknowledged.fieldNames()).containsExactlyInAnyOrder("resultType", "_meta");
        JsonObject half = alice.get(task);
        assertThat(half.getString("status")).isEqualTo("input_required");
        assertThat(half.getJsonObject("inputRequests").fieldNames()).containsExactly("size");

        alice.update(task, new JsonObject().put("colour", TaskPeer.accepted("blue")).put("size", TaskPeer.accepted("small")));
        assertThat(text(awaitStatus(task, "completed"))).isEqualTo("red small");
        alice.update(task, new JsonObject().put("size", TaskPeer.accepted("large")));
        assertThat(text(alice.get(task))).isEqualTo("red small");
    }

    @Test
    void whatIsAskedBeforeThereIsATaskIsKnownInIt() throws Exception {
        JsonObject asked = alice.call("first");
        assertThat(asked.getString("resultType")).isEqualTo("input_required");
        assertThat(asked.containsKey("taskId")).isFalse();
        JsonObject created = alice.result("tools/call", new JsonObject().put("name", "first").put("arguments", new JsonObject())
            .put("requestState", asked.getString("requestState")).put("inputResponses", new JsonObject().put("name", TaskPeer.accepted("Alice"))));
        assertThat(created.getString("resultType")).isEqualTo("task");
        assertThat(created.fieldNames()).doesNotContain("requestState", "inputRequests");
        assertThat(text(awaitStatus(created.getString("taskId"), "completed"))).isEqualTo("Hello, Alice");
    }

    @Test
    void aCancelledTaskStaysCancelledWhateverComesOfIt() throws Exception {
        String task = alice.begin("work");
        for (int i = 0; i < 2; i++) {
            assertThat(alice.result("tasks/cancel", TaskPeer.id(task)).fieldNames()).containsExactlyInAnyOrder("resultType", "_meta");
        }
        Waiting.on(tools.cancelled.future());
        tools.work.complete(ToolResult.of("too late"));
        JsonObject cancelled = alice.get(task);
        assertThat(cancelled.getString("status")).isEqualTo("cancelled");
        assertThat(cancelled.containsKey("result")).isFalse();

        String completed = alice.begin("must");
        awaitStatus(completed, "completed");
        alice.result("tasks/cancel", TaskPeer.id(completed));
        assertThat(alice.get(completed).getString("status")).isEqualTo("completed");
    }

    @Test
    void aTaskIsUnknownToEverybodyButItsOwner() throws Exception {
        String task = alice.begin("work");
        for (TaskPeer other : new TaskPeer[] {peer("bob", true), peer("alice:other", true)}) {
            for (String method : new String[] {"tasks/get", "tasks/update", "tasks/cancel"}) {
                HttpResponse<Buffer> unknown = other.send(method, TaskPeer.id(task).put("inputResponses", new JsonObject()));
                HttpResponse<Buffer> invented = other.send(method, TaskPeer.id("nonesuch").put("inputResponses", new JsonObject()));
                assertThat(errorCode(unknown)).isEqualTo(-32602);
                assertThat(unknown.bodyAsJsonObject().getJsonObject("error")).isEqualTo(invented.bodyAsJsonObject().getJsonObject("error"));
            }
        }
        assertThat(alice.get(task).getString("status")).isEqualTo("working");
    }

    @Test
    void aSubscriptionTellsOfItsOwnTasksAndOfNobodyElses() throws Exception {
        String mine = alice.begin("work");
        String others = peer("bob", true).begin("work");
        JsonObject message = alice.peer.message("subscriptions/listen", alice.params(new JsonObject().put("notifications",
            new JsonObject().put("taskIds", new JsonArray().add(mine).add(others)))));
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(message), message);
        JsonObject acknowledged = stream.nextMessage().getJsonObject("params").getJsonObject("notifications");
        assertThat(acknowledged.getJsonArray("taskIds")).containsExactly(mine);
        assertThat(stream.nextMessage().getJsonObject("params").getString("status")).isEqualTo("working");

        tools.work.complete(ToolResult.of("finished"));
        JsonObject told = stream.nextMessage();
        assertThat(told.getString("method")).isEqualTo("notifications/tasks");
        assertThat(told.getJsonObject("params").getString("taskId")).isEqualTo(mine);
        assertThat(text(told.getJsonObject("params"))).isEqualTo("finished");
        assertThat(told.getJsonObject("params").getJsonObject("_meta").getValue("io.modelcontextprotocol/subscriptionId"))
            .isEqualTo(message.getValue("id"));
        stream.close();
    }

    @Test
    void askingToHearOfTasksNeedsTheExtension() throws Exception {
        HttpResponse<Buffer> refused = peer("alice", false).send("subscriptions/listen",
            new JsonObject().put("notifications", new JsonObject().put("taskIds", new JsonArray())));
        assertThat(errorCode(refused)).isEqualTo(-32021);
        assertThat(server.transport.changes().listeners()).isZero();
    }

    @Test
    void anOwnerHasSoManyTasksAndNoMore() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(alice.begin("must")).isNotNull();
        }
        HttpResponse<Buffer> refused = alice.send("tools/call", new JsonObject().put("name", "must"));
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(tools.calls).hasValue(100);
        tools.work.complete(ToolResult.of("finished"));
        assertThat(alice.call("work").getString("resultType")).isEqualTo("complete");
        assertThat(peer("bob", true).begin("must")).isNotNull();
    }

    @Test
    void moreThanAnOwnersResultsMayTakeUpIsNotKept() throws Exception {
        String first = alice.begin("huge");
        String second = alice.begin("huge");
        String third = alice.begin("huge");
        awaitStatus(first, "completed");
        awaitStatus(second, "completed");
        assertThat(awaitStatus(third, "failed").getJsonObject("error").getInteger("code")).isEqualTo(-31000);
    }

    @Test
    void idsAndAnswersOfTheWrongTypeAreBadParameters() throws Exception {
        String task = alice.begin("asks");
        for (JsonObject params : new JsonObject[] {new JsonObject(), new JsonObject().put("taskId", 5), TaskPeer.id(task),
            TaskPeer.id(task).put("inputResponses", 5), TaskPeer.id(task).put("inputResponses", new JsonObject().put("size", 5))}) {
            HttpResponse<Buffer> refused = alice.send("tasks/update", params);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(errorCode(refused)).isEqualTo(-32602);
        }
        assertThat(alice.get(task).getJsonObject("inputRequests")).hasSize(2);
    }

    @Test
    void theExtensionIsDeclaredAndTheMethodsOfOlderDraftsAreUnknown() throws Exception {
        JsonObject capabilities = alice.result("server/discover", new JsonObject()).getJsonObject("capabilities");
        assertThat(capabilities.getJsonObject("extensions").containsKey(EXTENSION)).isTrue();
        assertThat(capabilities.containsKey("tasks")).isFalse();
        for (String method : new String[] {"tasks/result", "tasks/list"}) {
            HttpResponse<Buffer> unknown = alice.send(method, TaskPeer.id("x"));
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(errorCode(unknown)).isEqualTo(-32601);
        }
    }
}
