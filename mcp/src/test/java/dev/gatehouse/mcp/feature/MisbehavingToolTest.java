package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.TransportLimits;
import dev.gatehouse.mcp.support.Wire;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A call of a misbehaving tool gets one response without internal data, and the next call succeeds, on every transport. */
@Timeout(120)
class MisbehavingToolTest {

    private static final int CALL = 41;
    private static final int NEXT = 42;
    private static final McpTransportOptions OPTIONS =
        new TransportLimits().queueBytes(4_000_000).callSeconds(1).options();

    private Vertx vertx;
    private SampleTools tools;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Wire wire(Wire.Kind kind) throws Exception {
        return Wire.of(kind, vertx, tools.features(), OPTIONS);
    }

    /** Calls the tool, and another behind it: what came too much for the first would be there before the second's answer. */
    private JsonObject onlyAnswer(Wire wire, String tool) throws Exception {
        List<JsonObject> messages = new ArrayList<>(wire.call(CALL, tool, new JsonObject()));
        tools.pending.tryComplete(ToolResult.of("too late"));
        List<JsonObject> next = wire.call(NEXT, "echo", new JsonObject().put("text", "unharmed"));
        assertThat(text(next.get(next.size() - 1))).isEqualTo("alice:unharmed");
        messages.addAll(next);
        List<JsonObject> answers = messages.stream().filter(message -> Integer.valueOf(CALL).equals(message.getValue("id"))).toList();
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).containsKey("result")).isNotEqualTo(answers.get(0).containsKey("error"));
        return answers.get(0);
    }

    private static String text(JsonObject answer) {
        return answer.getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }

    private static void assertErrorResult(JsonObject answer) {
        assertThat(answer.getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(answer.encode()).doesNotContain(SampleTools.SECRET).doesNotContain("Exception").doesNotContain("Error(")
            .doesNotContain("dev.gatehouse").doesNotContain("\\tat ");
    }

    static Stream<Arguments> failures() {
        return Stream.of(Wire.Kind.values()).flatMap(kind ->
            Stream.of("throws", "fails", "errs", "overflows", "nullfuture", "nullresult", "untrue", "unstructured")
                .map(tool -> Arguments.of(kind, tool)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aToolThatFailsAnyhowIsAnErrorResultWithoutInternals(Wire.Kind kind, String tool) throws Exception {
        JsonObject answer = onlyAnswer(wire(kind), tool);

        assertErrorResult(answer);
        assertThat(text(answer)).startsWith(tool + " failed on the server. Reference: ");
    }

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void aToolThatNeverAnswersIsGivenUpAndOneThatTakesAWhileIsNot(Wire.Kind kind) throws Exception {
        Wire wire = wire(kind);
        JsonObject answer = onlyAnswer(wire, "pending");

        assertErrorResult(answer);
        assertThat(text(answer)).isEqualTo("There was no answer within 1 second");
        assertThat(Waiting.on(tools.cancelled.future())).as("the tool is told, where it was called").isTrue();
        assertThat(wire.call(NEXT + 1, "slow", new JsonObject())).last().matches(slow -> text(slow).equals("slow"));
    }

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void aResultThatIsNoJsonIsStillAnswered(Wire.Kind kind) throws Exception {
        JsonObject error = onlyAnswer(wire(kind), "cyclic").getJsonObject("error");

        assertThat(error.getInteger("code")).isEqualTo(-32603);
        assertThat(error.encode()).doesNotContain("Exception").doesNotContain("dev.gatehouse").doesNotContain("java.");
    }

    @ParameterizedTest
    @EnumSource(Wire.Kind.class)
    void aHugeResultArrivesWhole(Wire.Kind kind) throws Exception {
        assertThat(text(onlyAnswer(wire(kind), "huge"))).hasSize(3_000_000);
    }
}
