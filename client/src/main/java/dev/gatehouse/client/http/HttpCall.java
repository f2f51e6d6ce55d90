package dev.gatehouse.client.http;

import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Map;

/**
 * One HTTP request.
 *
 * @param body null for none
 */
public record HttpCall(HttpMethod method, URI url, MultiMap headers, Buffer body) {

    public static HttpCall get(URI url, String accept) {
        return new HttpCall(HttpMethod.GET, url, MultiMap.caseInsensitiveMultiMap().set("Accept", accept), null);
    }

    public static HttpCall postJson(URI url, JsonObject body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("Accept", "application/json").set("Content-Type", "application/json");
        return new HttpCall(HttpMethod.POST, url, headers, body.toBuffer());
    }

    /** A request in {@code application/x-www-form-urlencoded}, in the order of the map. */
    public static HttpCall postForm(URI url, Map<String, String> parameters) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("Accept", "application/json")
            .set("Content-Type", "application/x-www-form-urlencoded");
        return new HttpCall(HttpMethod.POST, url, headers, Buffer.buffer(FormParameters.encode(parameters)));
    }

    /** The same with one header set; headers of this call stay as they are. */
    public HttpCall with(String name, String value) {
        return new HttpCall(method, url, MultiMap.caseInsensitiveMultiMap().addAll(headers).set(name, value), body);
    }

    @Override
    public String toString() {
        return method + " " + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }
}
