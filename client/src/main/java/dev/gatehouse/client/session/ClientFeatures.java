package dev.gatehouse.client.session;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.function.Function;

/**
 * The requests of servers that this client answers.
 *
 * @param elicitation takes the parameters of {@code elicitation/create}, returns its result; null without a person to ask
 * @param sampling takes the parameters of {@code sampling/createMessage}, returns its result; null without a model
 * @param roots directories that servers may work in; null where there are none to name
 */
public record ClientFeatures(Function<JsonObject, Future<JsonObject>> elicitation, Function<JsonObject, Future<JsonObject>> sampling,
                             List<URI> roots) {

    public static final ClientFeatures NONE = new ClientFeatures(null, null, null);

    JsonObject capabilities() {
        JsonObject capabilities = new JsonObject();
        if (elicitation != null) {
            capabilities.put("elicitation", new JsonObject().put("form", new JsonObject()).put("url", new JsonObject()));
        }
        if (sampling != null) {
            capabilities.put("sampling", new JsonObject());
        }
        if (roots != null) {
            capabilities.put("roots", new JsonObject());
        }
        return capabilities;
    }

    /** Answers a request of the server; fails with {@link UnsupportedOperationException} for one that this client does not know. */
    Future<JsonObject> answer(String method, JsonObject params) {
        if (method.equals("ping")) {
            return Future.succeededFuture(new JsonObject());
        }
        if (method.equals("elicitation/create") && elicitation != null) {
            return elicitation.apply(params).map(result -> withDefaults(params, result));
        }
        if (method.equals("sampling/createMessage") && sampling != null) {
            return sampling.apply(params);
        }
        if (method.equals("roots/list") && roots != null) {
            JsonArray list = new JsonArray();
            roots.forEach(root -> list.add(new JsonObject().put("uri", root.toString())));
            return Future.succeededFuture(new JsonObject().put("roots", list));
        }
        return Future.failedFuture(new UnsupportedOperationException(method));
    }

    /** Fields that an accepted form leaves out have their defaults (2025-11-25, elicitation). */
    private static JsonObject withDefaults(JsonObject params, JsonObject result) {
        boolean accepted = "accept".equals(result.getValue("action"));
        if (!accepted || !(params.getValue("requestedSchema") instanceof JsonObject schema)
            || !(schema.getValue("properties") instanceof JsonObject properties)) {
            return result;
        }
        JsonObject content = result.getJsonObject("content", new JsonObject()).copy();
        for (String name : properties.fieldNames()) {
            if (!content.containsKey(name) && properties.getValue(name) instanceof JsonObject property && property.containsKey("default")) {
                content.put(name, property.getValue("default"));
            }
        }
        return result.copy().put("content", content);
    }
}
