package dev.gatehouse.mcp.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.Map;

/**
 * A request to read a resource.
 *
 * @param caller    who reads
 * @param uri       the concrete URI, which for a template matches it
 * @param variables the values of the template's variables in the URI, decoded; empty where there is no template
 * @param inputs    asks the caller's user or model
 * @param cancelled completes, on the context of the request, when the client no longer waits for the contents; it may never complete
 */
public record ResourceRead(Caller caller, String uri, Map<String, String> variables, Inputs inputs, Future<Void> cancelled) {

    /**
     * Checks the components.
     *
     * @param caller who reads
     * @param uri the concrete URI, which for a template matches it
     * @param variables the values of the template's variables in the URI, decoded; empty where there is no template
     * @param inputs asks the caller's user or model
     * @param cancelled completes, on the context of the request, when the client no longer waits for the contents; it may never complete
     */
    public ResourceRead {
        variables = Map.copyOf(variables);
    }


    /**
     * Creates a read without questions and without cancellation.
     *
     * @param caller the caller
     * @param uri the URI
     */
    public ResourceRead(Caller caller, String uri) {
        this(caller, uri, Map.of(), Inputs.NONE, Promise.<Void>promise().future());
    }
}
