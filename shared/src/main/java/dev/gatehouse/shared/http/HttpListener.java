package dev.gatehouse.shared.http;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;

import java.net.BindException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/**
 * Serves a router on one port. The host {@code localhost} listens on both loopback addresses if the machine has both, because
 * clients differ in which one they try first.
 */
public final class HttpListener {

    private static final int MAXIMUM_HEADER_BYTES = 32 * 1024;
    private static final int MAXIMUM_LINE_BYTES = 32 * 1024;
    private static final int IDLE_SECONDS = 75;

    private final List<HttpServer> servers;
    private final SilentConnections connections;

    private HttpListener(List<HttpServer> servers, SilentConnections connections) {
        this.servers = servers;
        this.connections = connections;
    }

    /**
     * The address to listen on.
     *
     * @param host a host name or IP address
     * @param port 0 for any free port
     * @param tls null for plain http
     * @param asksClients whether TLS clients are asked for a certificate; the certificate is optional and any one is accepted
     */
    public record Binding(String host, int port, TlsIdentity tls, boolean asksClients) {

        /**
         * A binding without client certificates.
         *
         * @param host the address
         * @param port the port; 0 for any free port
         * @param tls the certificate and key, or null for http
         */
        public Binding(String host, int port, TlsIdentity tls) {
            this(host, port, tls, false);
        }
    }

    /**
     * Starts listening.
     *
     * @param vertx the Vert.x instance
     * @param binding the address and its TLS settings
     * @param router handles the requests
     * @param clock for the {@code Date} header
     * @return fails with a {@link StartupException}, which says what to do, if the address is not available
     */
    public static Future<HttpListener> listen(Vertx vertx, Binding binding, Router router, Clock clock) {
        SilentConnections connections = new SilentConnections(vertx, Duration.ofSeconds(IDLE_SECONDS));
        return servers(vertx, binding, new RequestIntake(clock, router), connections).map(servers -> new HttpListener(servers, connections))
            .onFailure(failure -> connections.stop());
    }

    private static Future<List<HttpServer>> servers(Vertx vertx, Binding binding, RequestIntake intake, SilentConnections connections) {
        if (!binding.host().equals("localhost")) {
            return listenOn(vertx, binding, binding.host(), binding.port(), intake, connections).map(List::of);
        }
        return listenOn(vertx, binding, "127.0.0.1", binding.port(), intake, connections)
            .compose(first -> addIpv6(vertx, binding, first, intake, connections));
    }

    private static Future<List<HttpServer>> addIpv6(Vertx vertx, Binding binding, HttpServer first, RequestIntake intake, SilentConnections connections) {
        return listenOn(vertx, binding, "::1", first.actualPort(), intake, connections)
            .map(second -> List.of(first, second))
            .recover(noIpv6 -> isInUse(noIpv6)
                ? first.close().compose(closed -> Future.failedFuture(noIpv6))
                : Future.succeededFuture(List.of(first)));
    }

    private static boolean isInUse(Throwable failure) {
        return failure.getCause() instanceof BindException bind && String.valueOf(bind.getMessage()).contains("in use");
    }

    private static Future<HttpServer> listenOn(Vertx vertx, Binding binding, String address, int port, RequestIntake intake,
                                               SilentConnections connections) {
        HttpServerOptions options = new HttpServerOptions()
            .setMaxHeaderSize(MAXIMUM_HEADER_BYTES)
            .setMaxInitialLineLength(MAXIMUM_LINE_BYTES)
            .setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setCompressionSupported(false)
            // There are no WebSockets; each of these handlers would process every request and response.
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false);
        if (binding.tls() != null) {
            binding.tls().applyTo(options);
            if (binding.asksClients()) {
                options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(TrustOptions.wrap(new ShownCertificates()));
            }
        }
        HttpServer server = vertx.createHttpServer(options).invalidRequestHandler(intake::refuseMalformed);
        return connections.watch(server, connection -> RequestFraming.guard(connection, options), intake).listen(port, address)
            .recover(failure -> Future.failedFuture(explain(failure, address, port)));
    }

    private static StartupException explain(Throwable failure, String address, int port) {
        if (failure instanceof BindException && String.valueOf(failure.getMessage()).contains("in use")) {
            return new StartupException("Port " + port + " on " + address + " is in use. Stop the program that listens there, or choose another port.", failure);
        }
        return new StartupException("Cannot listen on " + address + " port " + port + ": " + failure.getMessage(), failure);
    }

    /** {@return the bound port} */
    public int port() {
        return servers.get(0).actualPort();
    }

    /**
     * Stops accepting connections, waits up to the grace period for running responses, and closes.
     *
     * @param graceMillis the grace period
     * @return completes when the server is closed
     */
    public Future<Void> close(long graceMillis) {
        connections.stop();
        List<Future<Void>> closing = new ArrayList<>();
        servers.forEach(server -> closing.add(server.shutdown(graceMillis, TimeUnit.MILLISECONDS)));
        return Future.join(closing).mapEmpty();
    }

    /**
     * Accepts every certificate of a TLS client. The handshake proves possession of its key. The client authentication decides
     * later whether the certificate is the right one (RFC 8705 §2).
     */
    static final class ShownCertificates implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
            // Client authentication checks the certificate later.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
            throw new UnsupportedOperationException("Only servers use this trust manager");
        }

        /** None, so that clients may offer any certificate. */
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
