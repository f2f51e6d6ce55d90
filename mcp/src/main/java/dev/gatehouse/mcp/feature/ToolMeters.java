package dev.gatehouse.mcp.feature;

import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Recorder;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.AsyncResult;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the calls of each tool that the server offers, by their outcomes. Tools that it does not offer have no name here. */
final class ToolMeters {

    private final Meters meters;
    private final Map<String, Outcomes> tools = new ConcurrentHashMap<>();

    private record Outcomes(Recorder success, Recorder error, Recorder deferred) {
    }

    ToolMeters(Meters meters) {
        this.meters = meters;
    }

    void record(String tool, AsyncResult<CallToolResult> outcome, long nanos) {
        if (!meters.isOn()) {
            return;
        }
        Outcomes outcomes = tools.computeIfAbsent(tool, first -> new Outcomes(durations(tool, "success"), durations(tool, "error"), durations(tool, "deferred")));
        Recorder recorder = outcome.failed() ? outcomes.deferred : Boolean.TRUE.equals(outcome.result().isError()) ? outcomes.error : outcomes.success;
        recorder.record(nanos);
    }

    private Recorder durations(String tool, String outcome) {
        return meters.durations("gatehouse.mcp.tool.call.duration", "Time of a tool call: with a result, with an error, or deferred until the client answers.",
            "tool", tool, "outcome", outcome);
    }
}
