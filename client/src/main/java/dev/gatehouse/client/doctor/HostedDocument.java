package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

import java.util.HashMap;
import java.util.Map;

/** Client ID metadata documents of the doctor on a free port of this machine, one for each redirect URI. Records each fetch. */
final class HostedDocument {

    private static final String HOST = "127.0.0.1";

    private final HttpServer server;
    private final Recorder recorder;
    private final Map<String, String> redirectUris = new HashMap<>();

    private HostedDocument(HttpServer server, Recorder recorder) {
        this.server = server;
        this.recorder = recorder;
    }

    /** Listens on the event loop of the walk, which the recorder belongs to. */
    static Future<HostedDocument> listen(Vertx vertx, Recorder recorder) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost(HOST).setPort(0));
        HostedDocument document = new HostedDocument(server, recorder);
        return server.connectionHandler(connection -> connection.exceptionHandler(reset -> { })).requestHandler(document::answer).listen().map(document);
    }

    /** Returns the URL of a document with this redirect URI, which is the client identifier. */
    String clientId(String redirectUri) {
        String path = "/" + redirectUris.size() + "/client.json";
        redirectUris.put(path, redirectUri);
        return url(path);
    }

    private String url(String path) {
        return "http://" + HOST + ":" + server.actualPort() + path;
    }

    private void answer(HttpServerRequest request) {
        String redirectUri = redirectUris.get(request.path());
        if (redirectUri == null) {
            request.response().setStatusCode(404).end();
            return;
        }
        String body = AuthorizationWalk.registration(redirectUri).put("client_id", url(request.path())).encode();
        request.response().putHeader("Content-Type", "application/json").end(body);
        recorder.add(new Exchange(Step.DOCUMENT, request.method().name(), url(request.path()), Exchange.headers(request.headers()), "", 200,
            Exchange.headers(request.response().headers()), body, ""));
    }

    Future<Void> close() {
        return server.close();
    }
}
