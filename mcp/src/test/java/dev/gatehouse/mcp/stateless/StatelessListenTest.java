package dev.gatehouse.mcp.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessHttpCase;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Set;

/** Subscriptions of revision 2026-07-28. */
class StatelessListenTest extends StatelessHttpCase {

    private static final String ID = "io.modelcontextprotocol/subscriptionId";

    private EventReader listen(String token, JsonObject filter) throws Exception {
        JsonObject message = alice.message("subscriptions/listen", new JsonObject().put("notifications", filter));
        return EventReader.post(vertx, server.port(), "/mcp", token, StatelessPeer.headers(message), message);
    }

    private static String ownerKey(String user) {
        return new Principal("http://issuer", user, "client", Set.of(), 0, new JsonObject()).userKey();
    }

    @Test
    void whatWasAskedForIsAcknowledgedFirstAndEverythingNamesTheSubscription() throws Exception {
        EventReader stream = listen("alice", new JsonObject().put("toolsListChanged", true).put("promptsListChanged", false)
            .put("resourceSubscriptions", new JsonArray().add("user://profile").add("other://nonesuch")));
        JsonObject acknowledged = stream.nextMessage();
        assertThat(acknowledged.getString("method")).isEqualTo("notifications/subscriptions/acknowledged");
        JsonObject params = acknowledged.getJsonObject("params");
        assertThat(params.getJsonObject("notifications")).isEqualTo(new JsonObject().put("toolsListChanged", true)
            .put("resourceSubscriptions", new JsonArray().add("user://profile")));
        Integer id = params.getJsonObject("_meta").getInteger(ID);

        server.transport.changes().publish(Change.of(Change.Kind.PROMPTS));
        server.transport.changes().publish(new Change(Change.Kind.RESOURCE_UPDATED, "user://notes/1", null));
        server.transport.changes().publish(new Change(Change.Kind.RESOURCE_UPDATED, "user://profile", null));
        JsonObject updated = stream.nextMessage();
        assertThat(updated.getString("method")).isEqualTo("notifications/resources/updated");
        assertThat(updated.getJsonObject("params").getString("uri")).isEqualTo("user://profile");
        assertThat(updated.getJsonObject("params").getJsonObject("_meta").getInteger(ID)).isEqualTo(id);
        stream.close();
    }

    @Test
    void oneUserHearsNothingOfAnother() throws Exception {
        JsonObject filter = new JsonObject().put("resourcesListChanged", true)
            .put("resourceSubscriptions", new JsonArray().add("user://notes/1"));
        EventReader mine = listen("alice", filter);
        EventReader others = listen("bob", filter);
        mine.nextMessage();
        others.nextMessage();

        server.transport.changes().publish(new Change(Change.Kind.RESOURCE_UPDATED, "user://notes/1", ownerKey("alice")));
        server.transport.changes().publish(new Change(Change.Kind.RESOURCES, null, ownerKey("bob")));
        assertThat(mine.nextMessage().getString("method")).isEqualTo("notifications/resources/updated");
        assertThat(others.nextMessage().getString("method")).isEqualTo("notifications/resources/list_changed");
        mine.close();
        others.close();
    }

    @Test
    void theServerEndsSubscriptionsInOrder() throws Exception {
        EventReader stream = listen("alice", new JsonObject().put("toolsListChanged", true));
        Integer id = stream.nextMessage().getJsonObject("params").getJsonObject("_meta").getInteger(ID);
        server.transport.close();
        JsonObject result = stream.nextMessage();
        assertThat(result.getInteger("id")).isEqualTo(id);
        assertThat(result.getJsonObject("result").getString("resultType")).isEqualTo("complete");
        stream.awaitEnd();
    }

    @Test
    void aSubscriptionEndsWithItsConnection() throws Exception {
        EventReader stream = listen("alice", new JsonObject().put("toolsListChanged", true));
        stream.nextMessage();
        assertThat(server.transport.changes().listeners()).isEqualTo(1);
        stream.close();
        Eventually.holds(() -> server.transport.changes().listeners() == 0);
    }

    @Test
    void oneSubscriptionTooManyOfAClientEndsTheOldestInOrder() throws Exception {
        EventReader oldest = listen("alice", new JsonObject().put("toolsListChanged", true));
        oldest.nextMessage();
        for (int i = 1; i < 100; i++) {
            listen("alice", new JsonObject().put("toolsListChanged", true)).nextMessage();
        }
        assertThat(oldest.ended.isComplete()).isFalse();
        listen("alice", new JsonObject().put("toolsListChanged", true)).nextMessage();
        assertThat(oldest.nextMessage().getJsonObject("result").getString("resultType")).isEqualTo("complete");
        oldest.awaitEnd();
        assertThat(server.transport.changes().listeners()).isEqualTo(100);
        assertThat(listen("bob", new JsonObject()).nextMessage().getString("method")).isEqualTo("notifications/subscriptions/acknowledged");
    }

    @Test
    void aFilterThatIsNoneIsABadParameter() throws Exception {
        for (Object filter : new Object[] {null, 5, new JsonObject().put("toolsListChanged", "yes"),
            new JsonObject().put("resourceSubscriptions", "user://profile")}) {
            HttpResponse<Buffer> refused = Waiting.on(alice.send("subscriptions/listen", new JsonObject().put("notifications", filter)));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        }
    }

    @Test
    void aSubscriptionEndsWithItsTokenAndNobodyElsesDoes() throws Exception {
        EventReader mine = listen("alice", new JsonObject().put("toolsListChanged", true));
        EventReader others = listen("bob", new JsonObject().put("toolsListChanged", true));
        mine.nextMessage();
        others.nextMessage();
        server.revoked.add("alice");
        assertThat(mine.nextMessage().getJsonObject("result").getString("resultType")).as("the end in order").isEqualTo("complete");
        mine.awaitEnd();
        Eventually.holds(() -> server.transport.changes().listeners() == 1);
        server.transport.changes().publish(Change.of(Change.Kind.TOOLS));
        assertThat(others.nextMessage().getString("method")).isEqualTo("notifications/tools/list_changed");
        others.close();
    }

    @Test
    void anIdleSubscriptionIsKeptAliveByComments() throws Exception {
        SampleServer eager = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(),
            new TransportLimits().bodyBytes(4_194_304).jsonDepth(64).sessions(10, 10).keepAliveSeconds(1).revalidateSeconds(4).requestSeconds(60).queueBytes(8_388_608).options(), Clock.systemUTC()));
        JsonObject message = alice.message("subscriptions/listen", new JsonObject().put("notifications", new JsonObject()));
        EventReader stream = EventReader.post(vertx, eager.port(), "/mcp", "alice", StatelessPeer.headers(message), message);
        stream.nextMessage();
        assertThat(stream.nextComment()).startsWith(":");
        assertThat(stream.nextComment()).startsWith(":");
        stream.close();
    }

    @Test
    void anIdOfTextIsRepeatedAsItIs() throws Exception {
        JsonObject message = alice.message("subscriptions/listen",
            new JsonObject().put("notifications", new JsonObject().put("promptsListChanged", true))).put("id", "listen-1");
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(message), message);
        assertThat(stream.nextMessage().getJsonObject("params").getJsonObject("_meta").getString(ID)).isEqualTo("listen-1");
        server.transport.changes().publish(Change.of(Change.Kind.PROMPTS));
        JsonObject told = stream.nextMessage();
        assertThat(told.getJsonObject("params").getJsonObject("_meta").getString(ID)).isEqualTo("listen-1");
        stream.close();
    }

    @Test
    void whatTheCallersScopesDoNotAllowIsNotListenedTo() throws Exception {
        JsonObject filter = new JsonObject().put("resourceSubscriptions", new JsonArray().add("user://profile"));
        EventReader without = listen("alice:other", filter);
        EventReader with = listen("alice", filter);
        assertThat(without.nextMessage().getJsonObject("params").getJsonObject("notifications").getJsonArray("resourceSubscriptions")).isEmpty();
        assertThat(with.nextMessage().getJsonObject("params").getJsonObject("notifications").getJsonArray("resourceSubscriptions")).hasSize(1);
        without.close();
        with.close();
    }
}
