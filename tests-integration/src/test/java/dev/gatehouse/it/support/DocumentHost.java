package dev.gatehouse.it.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An https server on this machine that serves clients' metadata documents, and the certificate to trust it by. */
public final class DocumentHost implements AutoCloseable {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private final Map<String, JsonObject> documents = new ConcurrentHashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final Path certificate;
    private final HttpsServer server;

    private DocumentHost(Path certificate, HttpsServer server) {
        this.certificate = certificate;
        this.server = server;
    }

    public static DocumentHost start() {
        Path directory = Product.scratch("tls");
        Path store = directory.resolve("host.p12");
        Path certificate = directory.resolve("host.pem");
        keytool("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "host", "-dname", "CN=localhost", "-validity", "2",
            "-ext", "SAN=dns:localhost", "-ext", "BC=ca:true", "-keystore", store.toString(), "-storepass", "changeit");
        keytool("-exportcert", "-rfc", "-alias", "host", "-keystore", store.toString(), "-storepass", "changeit",
            "-file", certificate.toString());
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
            DocumentHost host = new DocumentHost(certificate, server);
            server.createContext("/", host::serve);
            server.start();
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void keytool(String... arguments) {
        try {
            java.util.List<String> command = new java.util.ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
            command.addAll(java.util.List.of(arguments));
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
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
