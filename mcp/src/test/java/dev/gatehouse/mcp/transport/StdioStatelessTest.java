package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.StdioHost;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Revision 2026-07-28 over stdio, alone and beside the handshake of the others in one process. */
class StdioStatelessTest {

    private static final Caller ALICE =
        new Principal("http://issuer", "alice", "client", Set.of("mcp:read"), SampleServer.NEVER, new JsonObject());

    private Vertx vertx;
    private StdioHost host;
    private SampleTools tools;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        host = new StdioHost(vertx, tools.features(), () -> Future.succeededFuture(ALICE));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void request(Object id, String method, JsonObject params) throws Exception {
        host.request(id, method, new JsonObject().put("_meta", StatelessPeer.meta()).mergeIn(params));
    }

    private void call(Object id, String tool, JsonObject arguments) throws Exception {
        request(id, "tools/call", StatelessPeer.call(tool, arguments, new JsonObject()));
    }

    private static String text(JsonObject answer) {
        return answer.getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }

    private void cancel(Object id) throws Exception {
        host.write(new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/cancelled")
            .put("params", new JsonObject().put("requestId", id)).encode());
    }

    @Test
    void aProbeIsAnsweredAndCallsNeedNoHandshake() throws Exception {
        request("probe", "server/discover", new JsonObject());
        assertThat(host.read().getJsonObject("result").getJsonArray("supportedVersions")).containsExactly("2026-07-28");
        call(1, "echo", new JsonObject().put("text", "hi"));
        JsonObject answer = host.read();
        assertThat(text(answer)).isEqualTo("alice:hi");
        assertThat(answer.getJsonObject("result").getString("resultType")).isEqualTo("complete");
    }

    @Test
    void aProbeThatSaysTooLittleOrOfAnotherRevisionIsToldWhatIsWrong() throws Exception {
        host.request(1, "server/discover", new JsonObject());
        assertThat(host.read().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        host.request(2, "server/discover", new JsonObject().put("_meta",
            StatelessPeer.meta().put("io.modelcontextprotocol/protocolVersion", "2099-01-01")));
        assertThat(host.read().getJsonObject("error").getInteger("code")).isEqualTo(-32022);
        request(3, "server/discover", new JsonObject());
        assertThat(host.read().containsKey("result")).isTrue();
    }

    @Test
    void bothErasAreServedByOneProcess() throws Exception {
        host.initialize();
        call(1, "open", new JsonObject());
        assertThat(host.read().getJsonObject("result").containsKey("resultType")).isTrue();
        host.call(2, "open", new JsonObject());
        assertThat(host.read().getJsonObject("result").containsKey("resultType")).isFalse();
    }

    @Test
    void aSubscriptionIsCancelledByNotificationAndTheOthersEndWithTheInput() throws Exception {
        JsonObject filter = new JsonObject().put("notifications", new JsonObject().put("toolsListChanged", true));
        request("a", "subscriptions/listen", filter);
        host.read();
        request("b", "subscriptions/listen", filter);
        host.read();
        cancel("a");
        call(1, "open", new JsonObject());
        assertThat(host.read().getInteger("id")).isEqualTo(1);
        host.end();
        JsonObject last = host.read();
        assertThat(last.getString("id")).isEqualTo("b");
        assertThat(last.getJsonObject("result").getString("resultType")).isEqualTo("complete");
        host.ended.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(host.hasNothingMore()).isTrue();
    }

    @Test
    void aCancelledCallIsNotAnsweredAndFreesItsId() throws Exception {
        call(1, "pending", new JsonObject());
        Waiting.on(tools.begun.future());
        cancel(1);
        Waiting.on(tools.cancelled.future());
        call(1, "open", new JsonObject());
        assertThat(text(host.read())).isEqualTo("anybody");
    }

    @Test
    void aCallCancelledBeforeItIsKnownWhoCallsDoesNotRun() throws Exception {
        Promise<Caller> caller = Promise.promise();
        host = new StdioHost(vertx, tools.features(), caller::future);
        call(1, "pending", new JsonObject());
        cancel(1);
        call(2, "echo", new JsonObject().put("text", "hi"));
        request(3, "server/discover", new JsonObject());
        assertThat(host.read().getInteger("id")).isEqualTo(3);
        caller.complete(ALICE);

        assertThat(text(host.read())).isEqualTo("alice:hi");
        assertThat(tools.begun.future().isComplete()).isFalse();
        call(1, "pending", new JsonObject());
        Waiting.on(tools.begun.future());
    }
}
