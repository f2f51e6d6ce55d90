package dev.gatehouse.client.oauth;

import io.vertx.core.json.JsonObject;

/**
 * One step of discovery: the request and its outcome.
 *
 * @param document names the kind of document: {@code protected resource metadata} or {@code authorization server metadata}
 * @param status the HTTP status, or 0 when there was no answer
 * @param content the document, or null when there is none to use
 * @param problem why there is none; empty when there is
 */
public record Lookup(String document, String url, int status, JsonObject content, String problem) {

    static final String RESOURCE = "protected resource metadata";
    static final String SERVER = "authorization server metadata";

    public boolean found() {
        return content != null;
    }
}
