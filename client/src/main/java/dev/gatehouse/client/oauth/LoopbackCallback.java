package dev.gatehouse.client.oauth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The redirect URI on this machine (RFC 8252 §7.3): takes one authorization response and says that the window may be closed. */
public final class LoopbackCallback {

    static final String PATH = "/callback";
    private static final String HOST = "127.0.0.1";
    private static final String PAGE = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Gatehouse</title>
        <style>body{font:18px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32em;padding:0 1em;text-align:center}</style>
        <h1>%s</h1><p>You may close this window and return to the terminal.</p></html>
        """;

    private final HttpServer server;
    private final URI configured;
    private final Promise<Map<String, String>> response = Promise.promise();
    private final Promise<Map<String, String>> stray = Promise.promise();
    private volatile String state;

    private LoopbackCallback(HttpServer server, URI configured) {
        this.server = server;
        this.configured = configured;
    }

    /** Listens. @param configured the redirect URI to use, or null for one with any free port */
    public static Future<LoopbackCallback> listen(Vertx vertx, URI configured) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost(HOST)
            .setPort(configured == null ? 0 : Math.max(configured.getPort(), 0)));
        LoopbackCallback callback = new LoopbackCallback(server, configured);
        return server.connectionHandler(connection -> connection.exceptionHandler(reset -> { })).requestHandler(callback::handle).listen().map(callback);
    }

    public String redirectUri() {
        return configured == null || configured.getPort() < 0 ? "http://" + HOST + ":" + server.actualPort() + path() : configured.toString();
    }

    private String path() {
        return configured == null ? PATH : configured.getRawPath();
    }

    /** The parameters of the authorization response with this state; others are turned away. */
    public Future<Map<String, String>> response(String expectedState) {
        state = expectedState;
        return response.future();
    }

    /** The parameters of the first response without the expected state. They prove nothing: any page may send them. */
    public Future<Map<String, String>> strayResponse() {
        return stray.future();
    }

    private void handle(HttpServerRequest request) {
        if (!request.path().equals(path()) || request.method() != HttpMethod.GET) {
            request.response().setStatusCode(404).end();
            return;
        }
        Map<String, String> parameters = new HashMap<>();
        // A response with a parameter twice is no response (RFC 6749 §3.1); its merged state fits no request.
        request.params().forEach(each -> parameters.merge(each.getKey(), each.getValue(), (first, second) -> ""));
        if (state == null || !state.equals(parameters.get("state"))) {
            page(request.response().setStatusCode(400), "This answer belongs to no sign-in under way. Sign in again").onComplete(sent -> stray.tryComplete(parameters));
            return;
        }
        page(request.response(), parameters.containsKey("code") ? "Signed in" : "Not signed in").onComplete(sent -> response.tryComplete(parameters));
    }

    private static Future<Void> page(HttpServerResponse response, String title) {
        return response.putHeader("Content-Type", "text/html; charset=utf-8").putHeader("Cache-Control", "no-store")
            .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'").putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Connection", "close")
            .end(PAGE.formatted(title));
    }

    public Future<Void> close() {
        return server.close();
    }
}
