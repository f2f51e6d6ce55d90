package dev.gatehouse.client.oauth;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An MCP server and the authorization server that it names. The second records each request for a token, and grants it. */
final class OAuthServers {

    private final HttpServer authorization;
    private final HttpServer resource;
    private final List<String> tokenRequests = new CopyOnWriteArrayList<>();

    OAuthServers(Vertx vertx) {
        authorization = vertx.createHttpServer().requestHandler(this::authorize).listen(0, "127.0.0.1").await();
        resource = vertx.createHttpServer().requestHandler(request -> answer(request, new JsonObject().put("resource", server().toString())
            .put("authorization_servers", JsonArray.of(issuer())))).listen(0, "127.0.0.1").await();
    }

    URI server() {
        return URI.create("http://127.0.0.1:" + resource.actualPort() + "/mcp");
    }

    String issuer() {
        return "http://127.0.0.1:" + authorization.actualPort();
    }

    /** The form and the Authorization header of each token request. */
    List<String> tokenRequests() {
        return tokenRequests;
    }

    private void authorize(HttpServerRequest request) {
        if (!request.path().equals("/token")) {
            answer(request, new JsonObject().put("issuer", issuer()).put("authorization_endpoint", issuer() + "/authorize")
                .put("token_endpoint", issuer() + "/token").put("code_challenge_methods_supported", JsonArray.of("S256"))
                .put("authorization_response_iss_parameter_supported", true));
            return;
        }
        request.body().onSuccess(form -> {
            tokenRequests.add(request.getHeader("Authorization") + " " + form);
            answer(request, new JsonObject().put("access_token", "token-" + tokenRequests.size()).put("token_type", "Bearer").put("expires_in", 300));
        });
    }

    private static void answer(HttpServerRequest request, JsonObject body) {
        request.response().putHeader("Content-Type", "application/json").end(body.encode());
    }
}
