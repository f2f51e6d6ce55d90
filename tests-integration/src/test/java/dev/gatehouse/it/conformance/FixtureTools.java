package dev.gatehouse.it.conformance;

import dev.gatehouse.mcp.api.Content;
import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.Changes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The tools that the official suite calls, but for those that ask for input. */
final class FixtureTools {

    private static final Content IMAGE = new Content.Image(FixtureContents.IMAGE, "image/png");
    private static final long STEP_MILLIS = 50;

    private final Vertx vertx;
    private final Supplier<FeatureRegistry> catalogue;
    private final Supplier<Changes> changes;

    /**
     * @param catalogue what is offered, to be changed while it is served
     * @param changes   where changes are told
     */
    FixtureTools(Vertx vertx, Supplier<FeatureRegistry> catalogue, Supplier<Changes> changes) {
        this.vertx = vertx;
        this.catalogue = catalogue;
        this.changes = changes;
    }

    List<Tool> all() {
        return Stream.of(contents(), behaviours(), new AskingTools().all(), new FixtureTaskTools(vertx).all()).flatMap(List::stream).map(Tool.class::cast).toList();
    }

    private static List<FixtureTool> contents() {
        return List.of(
            FixtureTool.saying("test_simple_text", new Content.Text("This is a simple text response for testing.")),
            FixtureTool.saying("test_image_content", IMAGE),
            FixtureTool.saying("test_audio_content", new Content.Audio(FixtureContents.SOUND, "audio/wav")),
            FixtureTool.saying("test_embedded_resource",
                new Content.Embedded(new ResourceContents("test://embedded-resource", "text/plain", "Embedded."))),
            FixtureTool.saying("test_multiple_content_types", new Content.Text("Several kinds"), IMAGE,
                new Content.Embedded(new ResourceContents("test://mixed", "application/json", "{\"value\": 123}"))),
            new FixtureTool("json_schema_2020_12_tool", Schemas.of("""
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                 "$defs": {"address": {"$anchor": "addressDef", "type": "object",
                   "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
                 "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"},
                   "contactMethod": {"type": "string", "enum": ["phone", "email"]}, "phone": {"type": "string"}, "email": {"type": "string"}},
                 "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
                 "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
                 "then": {"required": ["phone"]}, "else": {"required": ["email"]}, "additionalProperties": false}"""),
                call -> said("called")),
            new FixtureTool("test_x_mcp_header", Schemas.of("""
                {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"},
                  "priority": {"type": "integer", "x-mcp-header": "Priority"}, "urgent": {"type": "boolean", "x-mcp-header": "Urgent"},
                  "query": {"type": "string"}}}"""), call -> said("called")));
    }

    private List<FixtureTool> behaviours() {
        return List.of(
            FixtureTool.of("test_error_handling", call -> Future.succeededFuture(ToolResult.error("This tool always fails"))),
            FixtureTool.of("test_tool_with_progress", this::progress),
            FixtureTool.of("test_tool_with_logging", this::log),
            FixtureTool.of("test_logging_tool", this::log),
            FixtureTool.of("test_reconnection", call -> {
                call.notifier().release();
                return vertx.timer(2 * STEP_MILLIS).map(ToolResult.of("The client came back"));
            }),
            FixtureTool.of("test_trigger_tool_change", call -> {
                catalogue.get().add(FixtureTool.saying("test_added_tool", new Content.Text("added")));
                return said("changed");
            }),
            FixtureTool.of("touch_watched_resource", call -> {
                changes.get().publish(new Change(Change.Kind.RESOURCE_UPDATED, "test://watched-resource", null));
                return said("changed");
            }),
            FixtureTool.of("test_trigger_prompt_change", call -> {
                catalogue.get().add(FixtureContents.prompts().get(0));
                return said("changed");
            }));
    }

    static Future<ToolResult> said(String text) {
        return Future.succeededFuture(ToolResult.of(text));
    }

    private Future<ToolResult> progress(ToolCall call) {
        return call.notifier().progress(0, 100.0, "begun")
            .compose(sent -> vertx.timer(STEP_MILLIS)).compose(later -> call.notifier().progress(50, 100.0, "half"))
            .compose(sent -> vertx.timer(STEP_MILLIS)).compose(later -> call.notifier().progress(100, 100.0, "done"))
            .map(sent -> ToolResult.of("done"));
    }

    private Future<ToolResult> log(ToolCall call) {
        return call.notifier().log(LogLevel.INFO, null, "Tool execution started")
            .compose(sent -> vertx.timer(STEP_MILLIS)).compose(later -> call.notifier().log(LogLevel.INFO, null, "Tool processing data"))
            .compose(sent -> vertx.timer(STEP_MILLIS)).compose(later -> call.notifier().log(LogLevel.INFO, null, "Tool execution completed"))
            .map(sent -> ToolResult.of("logged"));
    }
}
