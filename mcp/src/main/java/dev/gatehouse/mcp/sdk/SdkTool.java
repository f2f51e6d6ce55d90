package dev.gatehouse.mcp.sdk;

import dev.gatehouse.mcp.api.Content;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import reactor.core.Disposable;

import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A tool that was written for the MCP Java SDK. Its exchange asks questions, reports progress and logs in every revision. In revision 2026-07-28
 * the tool runs again after each question, as every tool does.
 */
public final class SdkTool implements Tool {

    private final ToolDefinition definition;
    private final Set<String> scopes;
    private final Function<ToolCall, Future<CallToolResult>> body;

    private SdkTool(McpSchema.Tool tool, Set<String> scopes, Function<ToolCall, Future<CallToolResult>> body) {
        this.definition = new ToolDefinition(tool.name(), tool.title() == null ? tool.name() : tool.title(),
            tool.description() == null ? "" : tool.description(), tool.inputSchema(), tool.outputSchema(), hints(tool.annotations()));
        this.scopes = Set.copyOf(scopes);
        this.body = body;
    }

    /**
     * {@return a tool that never blocks} It runs on the event loop.
     *
     * @param specification the tool of the SDK
     * @param scopes the scopes that a call needs
     */
    public static SdkTool of(AsyncToolSpecification specification, Set<String> scopes) {
        return new SdkTool(specification.tool(), scopes, call -> {
            Promise<CallToolResult> result = Promise.promise();
            Disposable running = specification.callHandler().apply(SdkSession.exchange(call), request(specification.tool(), call))
                .subscribe(result::tryComplete, result::tryFail, result::tryComplete);
            call.cancelled().onSuccess(gone -> running.dispose());
            return result.future();
        });
    }

    /**
     * {@return a tool that may block} It runs on a worker thread, which it keeps until it returns.
     *
     * @param vertx the Vert.x instance
     * @param specification the tool of the SDK
     * @param scopes the scopes that a call needs
     */
    public static SdkTool of(Vertx vertx, SyncToolSpecification specification, Set<String> scopes) {
        return new SdkTool(specification.tool(), scopes, call -> vertx.executeBlocking(
            () -> specification.callHandler().apply(new McpSyncServerExchange(SdkSession.exchange(call)), request(specification.tool(), call)), false));
    }

    private static CallToolRequest request(McpSchema.Tool tool, ToolCall call) {
        return new CallToolRequest(tool.name(), call.arguments(), Map.of("progressToken", SdkSession.PROGRESS));
    }

    /** The defaults of absent hints are those of MCP (tool annotations). */
    private static ToolHints hints(McpSchema.ToolAnnotations given) {
        return given == null ? new ToolHints(false, true, false, true) : new ToolHints(Boolean.TRUE.equals(given.readOnlyHint()),
            !Boolean.FALSE.equals(given.destructiveHint()), Boolean.TRUE.equals(given.idempotentHint()),
            !Boolean.FALSE.equals(given.openWorldHint()));
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public Set<String> scopes() {
        return scopes;
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        return body.apply(call).map(result -> new ToolResult(result.content().stream().map(SdkTool::content).toList(),
            result.structuredContent(), Boolean.TRUE.equals(result.isError())));
    }

    private static Content content(McpSchema.Content part) {
        if (part instanceof McpSchema.TextContent text) {
            return new Content.Text(text.text());
        }
        if (part instanceof McpSchema.ImageContent image) {
            return new Content.Image(bytes(image.data()), image.mimeType());
        }
        if (part instanceof McpSchema.AudioContent audio) {
            return new Content.Audio(bytes(audio.data()), audio.mimeType());
        }
        if (part instanceof McpSchema.ResourceLink link) {
            return new Content.Link(new ResourceDefinition(link.uri(), link.name(), link.title(), link.description(), link.mimeType()));
        }
        McpSchema.ResourceContents resource = ((McpSchema.EmbeddedResource) part).resource();
        return new Content.Embedded(resource instanceof McpSchema.TextResourceContents text
            ? new ResourceContents(text.uri(), text.mimeType(), text.text(), null)
            : new ResourceContents(resource.uri(), resource.mimeType(), null, bytes(((McpSchema.BlobResourceContents) resource).blob())));
    }

    private static Buffer bytes(String base64) {
        return Buffer.buffer(Base64.getDecoder().decode(base64));
    }
}
