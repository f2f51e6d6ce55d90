package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** The client's answer to a tool's question is validated against the question before the tool gets it, in each era. */
class ClientAnswerTest {

    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()),
            Clock.systemUTC()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    /** Calls a tool, answers its first question so, and returns the result. */
    private JsonObject call(String era, JsonObject answer) throws Exception {
        return era.equals("stateless") ? stateless(new JsonObject().put("where", answer)) : stateful(new JsonObject().put("result", answer));
    }

    private JsonObject stateless(JsonObject responses) {
        StatelessPeer peer = new StatelessPeer(vertx, server.port(), "alice");
        return Waiting.on(peer.send("tools/call", StatelessPeer.call("trip", new JsonObject(), new JsonObject().put("inputResponses", responses))))
            .bodyAsJsonObject().getJsonObject("result");
    }

    private JsonObject stateful(JsonObject answer) throws Exception {
        McpPeer peer = new McpPeer(vertx, server.port(), "alice");
        peer.withSession(Waiting.on(peer.send("initialize", McpPeer.INITIALIZE.copy()
            .put("capabilities", new JsonObject().put("elicitation", new JsonObject())))).getHeader("Mcp-Session-Id"));
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", peer.sessionId),
            peer.message("tools/call", new JsonObject().put("name", "trip")));
        stream.next();
        Object question = stream.nextMessage().getValue("id");
        assertThat(Waiting.on(peer.post(answer.put("jsonrpc", "2.0").put("id", question).encode())).statusCode()).isEqualTo(202);
        JsonObject next = stream.nextMessage();
        return next.containsKey("method") ? next : next.getJsonObject("result");
    }

    private static String text(JsonObject result) {
        assertThat(result.getBoolean("isError")).isTrue();
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "stateless|{'action':'accept'}|needs content",
        "stateless|{'action':'perhaps'}|action must be",
        "stateless|{}|action must be",
        "stateless|{'action':'accept','content':{}}|required",
        "stateless|{'action':'accept','content':{'text':7}}|string",
        "stateful|{'action':'accept'}|needs content",
        "stateful|{'action':'perhaps'}|action must be",
        "stateful|{}|action must be",
        "stateful|{'action':'accept','content':{}}|required",
        "stateful|{'action':'accept','content':{'text':7}}|string"})
    void anAnswerThatIsNoneIsToldAsTheResultOfTheCall(String era, String answer, String problem) throws Exception {
        assertThat(text(call(era, new JsonObject(answer.replace('\'', '"'))))).contains("elicitation/create", problem)
            .doesNotContain("Reference");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void anAnswerAsAskedForGoesOnToTheNextQuestion(String era) throws Exception {
        JsonObject next = call(era, new JsonObject("{\"action\":\"accept\",\"content\":{\"text\":\"Rome\"}}"));
        assertThat(next.encode()).contains("When?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'code':-1,'message':'SECRET-OF-THE-CLIENT'}", "{'code':-32603,'message':''}"})
    void anErrorOfTheClientIsNoneOfTheServer(String error) throws Exception {
        assertThat(text(stateful(new JsonObject().put("error", new JsonObject(error.replace('\'', '"'))))))
            .isEqualTo("The client did not answer elicitation/create: it sent an error");
    }
}
