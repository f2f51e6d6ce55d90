package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.mcp.jsonrpc.Failures;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.InputRequired;
import dev.gatehouse.mcp.jsonrpc.WireContent;
import io.modelcontextprotocol.spec.McpSchema.ListResourceTemplatesResult;
import io.modelcontextprotocol.spec.McpSchema.ListResourcesResult;
import io.modelcontextprotocol.spec.McpSchema.PaginatedRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code resources/list}, {@code resources/templates/list} and {@code resources/read}. */
final class ResourceOperations {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceOperations.class);

    private final FeatureRegistry catalogue;
    private final CallObserver observer;
    private final PolicyGate policy;

    ResourceOperations(FeatureRegistry catalogue, CallObserver observer, PolicyGate policy) {
        this.catalogue = catalogue;
        this.observer = observer;
        this.policy = policy;
    }

    private List<OfferedResource> offered(Caller caller) {
        return policy.isListed(caller, CallPolicy.RESOURCE_READ) ? List.copyOf(catalogue.resources()) : List.of();
    }

    /** The fixed resources, and the members of the templates for this caller. */
    Future<ListResourcesResult> list(PaginatedRequest request, Caller caller) {
        List<ResourceDefinition> all = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        for (OfferedResource offered : offered(caller)) {
            if (!offered.definition().isTemplate()) {
                all.add(offered.definition());
            } else if (caller instanceof Principal principal && principal.scopes().containsAll(offered.scopes())) {
                done = done.compose(before -> members(offered.resource(), caller)).map(found -> {
                    all.addAll(found);
                    return null;
                });
            }
        }
        return done.map(listed -> {
            ListPage<ResourceDefinition> page = ListPage.of(all, ResourceDefinition::uri, request.cursor());
            return new ListResourcesResult(page.members().stream().map(OfferedResource::describe).toList(), page.next(), null);
        }).recover(ResourceOperations::badCursor);
    }

    private static <T> Future<T> badCursor(Throwable failure) {
        return Future.failedFuture(failure instanceof IllegalArgumentException
            ? JsonRpcErrors.exception(JsonRpcErrors.INVALID_PARAMS, failure.getMessage()) : failure);
    }

    /** Members that cannot be listed now are missing; the rest of the list is still useful. */
    private static Future<List<ResourceDefinition>> members(McpResource template, Caller caller) {
        return Future.<Void>succeededFuture().compose(begin -> template.list(caller)).map(List::copyOf).otherwise(failure -> {
            LOG.warn("The members of {} cannot be listed", template.definition().uri(), failure);
            return List.of();
        });
    }

    Future<ListResourceTemplatesResult> templates(PaginatedRequest request, Caller caller) {
        List<OfferedResource> all = offered(caller).stream().filter(each -> each.definition().isTemplate()).toList();
        ListPage<OfferedResource> page = ListPage.of(all, each -> each.definition().uri(), request.cursor());
        return Future.succeededFuture(
            new ListResourceTemplatesResult(page.members().stream().map(OfferedResource::template).toList(), page.next(), null));
    }

    Future<ReadResourceResult> read(ReadResourceRequest request, RequestExchange exchange) {
        OfferedResource offered = catalogue.resource(request.uri()).orElse(null);
        if (offered == null) {
            return Future.failedFuture(Failures.notFound(request.uri()));
        }
        Caller caller = exchange.caller();
        ResourceRead read = new ResourceRead(caller, request.uri(), offered.variables(request.uri()).orElse(Map.of()),
            exchange.inputs(), exchange.cancelled());
        GuardedCall guard = new GuardedCall(offered.definition().uri(), offered.scopes(), observer);
        return guard.run(exchange, () -> policy.run(CallPolicy.RESOURCE_READ, PolicyGate.arguments(request), exchange, () -> offered.resource().read(read)))
            .map(ResourceOperations::requireContents)
            .onSuccess(contents -> observe(guard, caller, request.uri(), contents))
            .onFailure(failure -> {
                // A read that has only asked something is made again, and counts then.
                if (!(failure instanceof InputRequired)) {
                    observe(guard, caller, request.uri(), null);
                }
            })
            .map(contents -> new ReadResourceResult(List.of(WireContent.of(contents)), null))
            .recover(failure -> Future.failedFuture(Failures.translate(offered.definition().name(), exchange.trace(), failure)));
    }

    private static ResourceContents requireContents(ResourceContents contents) {
        if (contents == null) {
            throw new IllegalStateException("The resource has no contents");
        }
        return contents;
    }

    private static void observe(GuardedCall guard, Caller caller, String uri, ResourceContents contents) {
        String text = contents == null || contents.text() == null ? "" : contents.text();
        guard.ran(caller, Map.of("uri", uri), text, contents == null);
    }
}
