package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Caller;
import dev.gatehouse.resource.tool.McpResource;
import dev.gatehouse.resource.tool.Principal;
import dev.gatehouse.resource.tool.ResourceDefinition;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ListResourcesResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds to the answer of {@code resources/list} what stands behind the templates for this caller: the SDK knows one list for
 * all callers only.
 */
final class ConcreteResources {

    static final String METHOD = "resources/list";

    private static final Logger LOG = LoggerFactory.getLogger(ConcreteResources.class);

    private final List<McpResource> templates;

    ConcreteResources(McpFeatures features) {
        this.templates = features.resources().stream().filter(resource -> resource.definition().isTemplate()).toList();
    }

    /** An outbound through which the list passes on to the other, completed for this caller. */
    Outbound completing(Outbound outbound, Caller caller) {
        return new Outbound() {
            @Override
            public Future<Void> send(JSONRPCMessage message) {
                if (message instanceof JSONRPCResponse response && response.result() instanceof ListResourcesResult fixed
                        && caller instanceof Principal principal) {
                    return complete(fixed, principal)
                        .compose(result -> outbound.send(JSONRPCResponse.result(response.id(), result)));
                }
                return outbound.send(message);
            }

            @Override
            public void finish() {
                outbound.finish();
            }
        };
    }

    private Future<ListResourcesResult> complete(ListResourcesResult fixed, Principal caller) {
        List<Resource> all = new ArrayList<>(fixed.resources());
        Future<Void> done = Future.succeededFuture();
        for (McpResource template : templates) {
            if (caller.scopes().containsAll(template.scopes())) {
                done = done.compose(before -> list(template, caller))
                    .map(found -> {
                        found.forEach(each -> all.add(ResourceSpecification.describe(each)));
                        return null;
                    });
            }
        }
        return done.map(listed -> new ListResourcesResult(all, fixed.nextCursor(), fixed.meta()));
    }

    /** What cannot be listed now, however it fails, is missing; the rest of the list is still of use. */
    private static Future<List<ResourceDefinition>> list(McpResource template, Principal caller) {
        return Future.<Void>succeededFuture().compose(begin -> template.list(caller)).map(List::copyOf).otherwise(failure -> {
            LOG.warn("The members of {} cannot be listed", template.definition().uri(), failure);
            return List.of();
        });
    }
}
