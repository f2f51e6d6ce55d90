package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A resource of the MCP server, or a template of many. One instance serves all callers. */
public interface McpResource {

    /** {@return the description in {@code resources/list} or {@code resources/templates/list}} */
    ResourceDefinition definition();

    /** {@return the scopes that a read needs, all of them} They are checked before {@link #read} and {@link #complete}. */
    Set<String> scopes();

    /**
     * Reads the resource as its caller sees it.
     *
     * @param read the request
     * @return fails with {@link ResourceNotFound} when there is no such thing for this caller, with {@link CallRefused} to
     *     send the caller a reason; any other failure is logged only
     */
    Future<ResourceContents> read(ResourceRead read);

    /**
     * Completes a variable of the template.
     *
     * @param caller the caller
     * @param argument the variable's name
     * @param prefix   what has been typed so far, possibly empty
     * @return values of this caller that begin with the prefix; at most 100 of them reach the caller
     */
    default Future<List<String>> complete(Caller caller, String argument, String prefix) {
        return Future.succeededFuture(List.of());
    }

    /**
     * As {@link #complete(Caller, String, String)}, for values that depend on one another.
     *
     * @param caller the caller
     * @param argument the variable's name
     * @param prefix the typed text, possibly empty
     * @param others variables that have been filled in already
     * @return values of this caller that begin with the prefix
     */
    default Future<List<String>> complete(Caller caller, String argument, String prefix, Map<String, String> others) {
        return complete(caller, argument, prefix);
    }

    /**
     * Lists the concrete resources behind a template, for {@code resources/list}. Not called for callers without all of the {@link #scopes}.
     *
     * @param caller the caller
     * @return definitions whose URIs match the template; none by default
     */
    default Future<List<ResourceDefinition>> list(Caller caller) {
        return Future.succeededFuture(List.of());
    }
}
