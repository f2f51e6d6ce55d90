package dev.gatehouse.mcp.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Set;

/** Subscriptions and changed lists, in the revisions with sessions. */
class SubscriptionTest {

    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        Waiting.on(vertx.close());
    }

    private McpPeer session(String user) throws Exception {
        return Waiting.on(new McpPeer(vertx, server.port(), user).initialize());
    }

    private EventReader listen(String user, McpPeer session) throws Exception {
        EventReader stream = EventReader.open(vertx, server.port(), "/mcp", user, session.sessionId);
        stream.next();
        return stream;
    }

    private static JsonObject uri(String uri) {
        return new JsonObject().put("uri", uri);
    }

    private void publish(Change.Kind kind, String uri, String owner) {
        server.transport.changes().publish(new Change(kind, uri,
            owner == null ? null : new Principal("http://issuer", owner, "client", Set.of(), 0, new JsonObject()).userKey()));
    }

    @Test
    void aSubscriberHearsOfItsResourcesUntilItUnsubscribes() throws Exception {
        McpPeer alice = session("alice");
        EventReader stream = listen("alice", alice);
        assertThat(Waiting.on(alice.send("resources/subscribe", uri("user://notes/1"))).bodyAsJsonObject().containsKey("result")).isTrue();
        publish(Change.Kind.RESOURCE_UPDATED, "user://notes/2", null);
        publish(Change.Kind.RESOURCE_UPDATED, "user://notes/1", "alice");
        JsonObject told = stream.nextMessage();
        assertThat(told.getString("method")).isEqualTo("notifications/resources/updated");
        assertThat(told.getJsonObject("params")).isEqualTo(uri("user://notes/1"));

        Waiting.on(alice.send("resources/unsubscribe", uri("user://notes/1")));
        publish(Change.Kind.RESOURCE_UPDATED, "user://notes/1", "alice");
        publish(Change.Kind.TOOLS, null, null);
        assertThat(stream.nextMessage().getString("method")).isEqualTo("notifications/tools/list_changed");
    }

    @Test
    void nobodyHearsOfWhatIsAnothersEvenIfSubscribed() throws Exception {
        McpPeer bob = session("bob");
        EventReader stream = listen("bob", bob);
        Waiting.on(bob.send("resources/subscribe", uri("user://notes/1")));
        publish(Change.Kind.RESOURCE_UPDATED, "user://notes/1", "alice");
        publish(Change.Kind.RESOURCES, null, "alice");
        publish(Change.Kind.RESOURCE_UPDATED, "user://notes/1", "bob");
        assertThat(stream.nextMessage().getString("method")).isEqualTo("notifications/resources/updated");
        publish(Change.Kind.PROMPTS, null, null);
        assertThat(stream.nextMessage().getString("method")).isEqualTo("notifications/prompts/list_changed");
    }

    @Test
    void whatIsNotThereCannotBeSubscribedTo() throws Exception {
        McpPeer alice = session("alice");
        JsonObject error = Waiting.on(alice.send("resources/subscribe", uri("other://nonesuch"))).bodyAsJsonObject().getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32002);
        assertThat(Waiting.on(new McpPeer(vertx, server.port(), "alice:mcp:write").withSession(alice.sessionId)
            .send("resources/subscribe", uri("user://notes/1"))).statusCode()).isEqualTo(403);
    }

    @Test
    void theServerTellsThatItTellsOfChanges() throws Exception {
        JsonObject capabilities = Waiting.on(new McpPeer(vertx, server.port(), "alice").send("initialize", McpPeer.INITIALIZE))
            .bodyAsJsonObject().getJsonObject("result").getJsonObject("capabilities");
        assertThat(capabilities.getJsonObject("resources")).isEqualTo(new JsonObject().put("subscribe", true).put("listChanged", true));
        assertThat(capabilities.getJsonObject("tools").getBoolean("listChanged")).isTrue();
    }
}
