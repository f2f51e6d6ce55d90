package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.CallObserver;
import dev.gatehouse.resource.tool.CallRefused;
import dev.gatehouse.resource.tool.Caller;
import dev.gatehouse.resource.tool.McpResource;
import dev.gatehouse.resource.tool.ResourceContents;
import dev.gatehouse.resource.tool.ResourceDefinition;
import dev.gatehouse.resource.tool.ResourceNotFound;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.ResourceReference;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** One of our resources, or a template, as the SDK wants it. */
final class ResourceSpecification {

    /** The most values that a completion may carry (MCP, completion). */
    private static final int COMPLETIONS = 100;

    private final McpResource resource;
    private final ResourceDefinition definition;
    private final GuardedCall guard;
    private final GuardedCall unobserved;

    ResourceSpecification(McpResource resource, CallObserver observer) {
        this.resource = resource;
        this.definition = resource.definition();
        this.guard = new GuardedCall(definition.uri(), resource.scopes(), observer);
        this.unobserved = new GuardedCall(definition.uri(), resource.scopes(), CallObserver.NONE);
    }

    AsyncResourceSpecification specification() {
        return new AsyncResourceSpecification(describe(definition), this::read);
    }

    /** A resource as {@code resources/list} tells of it. */
    static McpSchema.Resource describe(ResourceDefinition definition) {
        return McpSchema.Resource.builder(definition.uri(), definition.name())
            .title(definition.title()).description(definition.description()).mimeType(definition.mimeType()).build();
    }

    AsyncResourceTemplateSpecification template() {
        return new AsyncResourceTemplateSpecification(McpSchema.ResourceTemplate.builder(definition.uri(), definition.name())
            .title(definition.title()).description(definition.description()).mimeType(definition.mimeType()).build(), this::read);
    }

    AsyncCompletionSpecification completion() {
        return new AsyncCompletionSpecification(new ResourceReference(definition.uri()), this::complete);
    }

    private Mono<ReadResourceResult> read(McpAsyncServerExchange exchange, ReadResourceRequest request) {
        Caller caller = ((CallContext) exchange.transportContext()).caller();
        return Monos.from(() -> guard.run(caller, () -> resource.read(caller, request.uri()).map(this::requireContents))
            .onComplete(outcome -> observe(caller, request.uri(), outcome.result()))
            .map(contents -> new ReadResourceResult(
                List.of(new TextResourceContents(contents.uri(), contents.mimeType(), contents.text(), null)), null))
            .recover(failure -> Future.failedFuture(translate(failure))));
    }

    private ResourceContents requireContents(ResourceContents contents) {
        if (contents == null) {
            throw new IllegalStateException("The resource has no contents");
        }
        return contents;
    }

    private void observe(Caller caller, String uri, ResourceContents contents) {
        guard.ran(caller, Map.of("uri", uri), contents == null ? "" : contents.text(), contents == null);
    }

    private Mono<CompleteResult> complete(McpAsyncServerExchange exchange, CompleteRequest request) {
        Caller caller = ((CallContext) exchange.transportContext()).caller();
        return Monos.from(() -> unobserved
            .run(caller, () -> resource.complete(caller, request.argument().name(), request.argument().value()))
            .map(ResourceSpecification::toResult)
            .recover(failure -> Future.failedFuture(translate(failure))));
    }

    private static CompleteResult toResult(List<String> values) {
        List<String> sent = values.size() > COMPLETIONS ? List.copyOf(values.subList(0, COMPLETIONS)) : values;
        return new CompleteResult(new CompleteResult.CompleteCompletion(sent, values.size(), values.size() > sent.size()));
    }

    private McpError translate(Throwable failure) {
        if (failure instanceof ResourceNotFound missing) {
            return McpError.RESOURCE_NOT_FOUND.apply(missing.uri());
        }
        int code = failure instanceof CallRefused ? JsonRpcErrors.REFUSED : JsonRpcErrors.INTERNAL_ERROR;
        return JsonRpcErrors.exception(code, Failures.tell(definition.name(), failure));
    }
}
