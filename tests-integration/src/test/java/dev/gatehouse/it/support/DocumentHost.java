package dev.gatehouse.it.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gatehouse.fixtures.Certificates;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An https server on this machine that serves clients' metadata documents, and the certificate to trust it by. */
public final class DocumentHost implements AutoCloseable {
    private final Map<String, JsonObject> documents = new ConcurrentHashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final Path certificate;
    private final HttpsServer server;

    private DocumentHost(Path certificate, HttpsServer server) {
        this.certificate = certificate;
        this.server = server;
    }

    public static DocumentHost start() {
        Certificates certificates = new Certificates(Product.scratch("tls")).selfSigned("host", "CN=localhost", Certificates.of("localhost"));
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(certificates.context("host", "host")));
            DocumentHost host = new DocumentHost(certificates.certificateFile("host"), server);
            server.createContext("/", host::serve);
            server.start();
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        JsonObject document = documents.get(exchange.getRequestURI().getPath());
        byte[] body = document == null ? new byte[0] : document.encode().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(document == null ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The PEM file of the authority that issued the certificate of this server. */
    public Path certificate() {
        return certificate;
    }

    public int fetches() {
        return fetches.get();
    }

    /** Publishes a document of a client, with its own URL as {@code client_id}, which is returned. */
    public String publish(String path, JsonObject members) {
        String url = "https://localhost:" + server.getAddress().getPort() + path;
        documents.put(path, members.copy().put("client_id", url));
        return url;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
