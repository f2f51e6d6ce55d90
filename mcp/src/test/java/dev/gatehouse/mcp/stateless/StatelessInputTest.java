package dev.gatehouse.mcp.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.StatelessHttpCase;
import dev.gatehouse.mcp.support.StatelessPeer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;

/** Calls that need input, by revision 2026-07-28: they end with the questions and are made again with the answers. */
class StatelessInputTest extends StatelessHttpCase {

    private static JsonObject accepted(String text) {
        return new JsonObject().put("action", "accept").put("content", new JsonObject().put("text", text));
    }

    private static JsonObject trip(JsonObject responses, String state) {
        JsonObject more = new JsonObject();
        if (responses != null) {
            more.put("inputResponses", responses);
        }
        return StatelessPeer.call("trip", new JsonObject(), state == null ? more : more.put("requestState", state));
    }

    private JsonObject result(StatelessPeer peer, JsonObject params) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(peer.send("tools/call", params));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        return response.bodyAsJsonObject().getJsonObject("result");
    }

    private String firstState() throws Exception {
        JsonObject first = result(alice, trip(null, null));
        assertThat(first.getString("resultType")).isEqualTo("input_required");
        assertThat(first.getJsonObject("inputRequests").fieldNames()).containsExactly("where");
        return first.getString("requestState");
    }

    @Test
    void answersOfEarlierRoundsAreKept() throws Exception {
        JsonObject second = result(alice, trip(new JsonObject().put("where", accepted("Rome")), firstState()));
        assertThat(second.getJsonObject("inputRequests").fieldNames()).containsExactly("when");

        JsonObject third = result(alice, trip(new JsonObject().put("when", accepted("tomorrow")), second.getString("requestState")));
        assertThat(third.getString("resultType")).isEqualTo("complete");
        assertThat(third.getJsonArray("content").getJsonObject(0).getString("text")).isEqualTo("Rome tomorrow");
    }

    @Test
    void aResourceAsksAsAToolDoes() throws Exception {
        JsonObject params = new JsonObject().put("uri", "user://locked");
        JsonObject asked = Waiting.on(alice.send("resources/read", params)).bodyAsJsonObject().getJsonObject("result");
        assertThat(asked.getString("resultType")).isEqualTo("input_required");
        assertThat(asked.getJsonObject("inputRequests").fieldNames()).containsExactly("word");

        JsonObject read = Waiting.on(alice.send("resources/read", params.put("requestState", asked.getString("requestState"))
            .put("inputResponses", new JsonObject().put("word", accepted("sesame"))))).bodyAsJsonObject().getJsonObject("result");
        assertThat(read.getString("resultType")).isEqualTo("complete");
        assertThat(read.getJsonArray("contents").getJsonObject(0).getString("text")).isEqualTo("opened by sesame");
    }

    @Test
    void whatWasNotAnsweredIsAskedAgain() throws Exception {
        JsonObject again = result(alice, trip(new JsonObject().put("other", accepted("Rome")), firstState()));
        assertThat(again.getJsonObject("inputRequests").fieldNames()).containsExactly("where");
    }

    @Test
    void aStateThatWasChangedOrIsOfAnotherUserOrRequestIsRefused() throws Exception {
        String state = result(alice, trip(new JsonObject().put("where", accepted("Rome")), firstState())).getString("requestState");
        JsonObject responses = new JsonObject().put("when", accepted("tomorrow"));
        char other = state.charAt(40) == 'A' ? 'B' : 'A';
        requireRefused(alice, trip(responses, state.substring(0, 40) + other + state.substring(41)));
        requireRefused(alice, trip(responses, "x"));
        requireRefused(new StatelessPeer(vertx, server.port(), "bob"), trip(responses, state));
        requireRefused(alice, trip(responses, state).put("arguments", new JsonObject().put("other", true)));

        assertThat(result(alice, trip(responses, state)).getString("resultType")).isEqualTo("complete");
    }

    private void requireRefused(StatelessPeer peer, JsonObject params) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(peer.send("tools/call", params));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    }

    @Test
    void aClientThatCannotAnswerIsToldWhatItLacks() throws Exception {
        JsonObject params = trip(null, null).put("_meta",
            StatelessPeer.meta().put("io.modelcontextprotocol/clientCapabilities", new JsonObject()));
        HttpResponse<Buffer> response = Waiting.on(alice.send("tools/call", params));
        assertThat(response.statusCode()).isEqualTo(400);
        JsonObject error = response.bodyAsJsonObject().getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32021);
        assertThat(error.getJsonObject("data").getJsonObject("requiredCapabilities").fieldNames()).containsExactly("elicitation");
    }
}
