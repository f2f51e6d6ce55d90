package dev.gatehouse.mcp.bearer;

import static dev.gatehouse.fixtures.Http.challenge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Tokens that are bound to a certificate (RFC 8705 §3), over TLS connections of clients with and without one. */
class CertificateBoundTokenTest {

    private static Certificates keys;
    private final AtomicInteger passed = new AtomicInteger();
    private Vertx vertx;
    private IntrospectionServer authServer;
    private TokenValidator validator;
    private String base;

    @BeforeAll
    static void makeKeys(@TempDir Path directory) {
        keys = new Certificates(directory).selfSigned("server", "CN=localhost", Certificates.of("localhost")).authority("authority", "CN=Clients")
            .signed("own", "CN=own", "authority", UnaryOperator.identity()).signed("other", "CN=other", "authority", UnaryOperator.identity());
        List.of("server", "authority").forEach(keys::certificateFile);
        keys.keyFile("server");
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        authServer = new IntrospectionServer(vertx, Clock.systemUTC()).start();
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private void serve(ClientCertificates certificates, DpopOptions dpop) {
        Router router = Router.router(vertx);
        HttpServer server = Waiting.on(vertx.createHttpServer(new HttpServerOptions().setSsl(true).setUseAlpn(true).setClientAuth(ClientAuth.REQUEST)
            .setKeyCertOptions(new PemKeyCertOptions().addCertPath(keys.certificateFile("server").toString()).addKeyPath(keys.keyFile("server").toString()))
            .setTrustOptions(new PemTrustOptions().addCertPath(keys.certificateFile("authority").toString()))).requestHandler(router).listen(0, "localhost"));
        base = "https://localhost:" + server.actualPort();
        ProtectedResource resource = ProtectedResource.of(ResourceId.parse(base + "/mcp"), authServer.issuer(), List.of());
        validator = new TokenValidator(vertx, resource, IntrospectionOptions.of(authServer.issuer()), Clock.systemUTC());
        new ResourceMetadataEndpoint(resource, dpop, certificates, "title", null).mount(router);
        router.route().handler(new BearerHandler(validator, new DpopGuard(vertx, resource, dpop, Clock.systemUTC()), certificates, resource, ExampleClient.PLACEHOLDER));
        router.route().handler(context -> {
            passed.incrementAndGet();
            context.request().resume();
            context.end(context.user().subject());
        });
        authServer.issue("bound", "alice", "mcp:read", base + "/mcp");
        authServer.claims("bound").put("cnf", new JsonObject().put("x5t#S256", ClientCertificates.thumbprint(keys.certificate("own"))));
        authServer.issue("free", "alice", "mcp:read", base + "/mcp");
    }

    /** @param shown the certificate of the client; null for none */
    private HttpResponse<String> get(String shown, String token, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/mcp")).header("Authorization", token);
        return send(shown, headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> send(String shown, HttpRequest.Builder request) {
        try {
            return HttpClient.newBuilder().sslContext(keys.context(shown, "server")).build().send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void requireRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(challenge(answer)).contains("error=\"invalid_token\"", "certificate");
    }

    private String metadata() {
        return send(null, HttpRequest.newBuilder(URI.create(base + "/.well-known/oauth-protected-resource/mcp"))).body();
    }

    @Test
    void tokenPassesOverAConnectionWithItsCertificateOnly() {
        serve(ClientCertificates.ofConnections(), DpopOptions.DEFAULT);
        assertThat(get("own", "Bearer bound").body()).isEqualTo("usr_alice");
        requireRefused(get("other", "Bearer bound"));
        requireRefused(get(null, "Bearer bound"));
        requireRefused(get(null, "Bearer bound", "Client-Cert", header("own")));
        assertThat(passed).hasValue(1);
        assertThat(get("own", "Bearer bound").statusCode()).isEqualTo(200);
        assertThat(get(null, "Bearer free").statusCode()).isEqualTo(200);
        assertThat(get("other", "Bearer free").statusCode()).isEqualTo(200);
    }

    @Test
    void proxyPassesTheCertificateOnAndNoOtherPeerDoes() {
        serve(ClientCertificates.ofProxies(new ClientAddress(List.of("127.0.0.1", "::1"))), DpopOptions.DEFAULT);
        assertThat(get(null, "Bearer bound", "Client-Cert", header("own")).statusCode()).isEqualTo(200);
        requireRefused(get(null, "Bearer bound", "Client-Cert", header("other")));
        requireRefused(get("own", "Bearer bound"));
        serve(ClientCertificates.ofProxies(new ClientAddress(List.of("192.0.2.1"))), DpopOptions.DEFAULT);
        requireRefused(get(null, "Bearer bound", "Client-Cert", header("own")));
        assertThat(get("own", "Bearer bound").statusCode()).isEqualTo(200);
    }

    private static String header(String name) {
        return ":" + Base64.getEncoder().encodeToString(keys.der(name)) + ":";
    }

    @Test
    void serverWithoutCertificatesRefusesSuchTokens() {
        serve(ClientCertificates.none(), DpopOptions.DEFAULT);
        requireRefused(get("own", "Bearer bound"));
        assertThat(get("own", "Bearer free").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> Waiting.on(validator.verify("bound"))).isInstanceOf(InvalidTokenException.class).hasMessageContaining("certificate");
        assertThatThrownBy(() -> Waiting.on(validator.verifyOwn("bound", null))).isInstanceOf(InvalidTokenException.class).hasMessageContaining("certificate");
        assertThat(Waiting.on(validator.verify("free")).principal().subject()).isEqualTo("usr_alice");
    }

    @Test
    void certificateReplacesNoProofAndNoSecondBinding() {
        serve(ClientCertificates.ofConnections(), new DpopOptions(true, false, 60, 100));
        assertThat(get("own", "Bearer bound").statusCode()).as("DPoP is required").isEqualTo(401);
        serve(ClientCertificates.ofConnections(), DpopOptions.DEFAULT);
        assertThat(get("own", "DPoP bound").statusCode()).isEqualTo(401);
        authServer.issue("both", "alice", "mcp:read", base + "/mcp");
        authServer.claims("both").put("cnf", authServer.claims("bound").getJsonObject("cnf").copy().put("jkt", "x"));
        assertThat(get("own", "Bearer both").statusCode()).isEqualTo(401);
        authServer.issue("number", "alice", "mcp:read", base + "/mcp");
        authServer.claims("number").put("cnf", new JsonObject().put("x5t#S256", 1));
        assertThat(get("own", "Bearer number").statusCode()).isEqualTo(401);
        assertThat(passed).hasValue(0);
        assertThat(get("own", "Bearer bound").statusCode()).isEqualTo(200);
    }

    @Test
    void metadataSaysWhetherSuchTokensAreTaken() {
        serve(ClientCertificates.ofConnections(), DpopOptions.DEFAULT);
        assertThat(new JsonObject(metadata()).getBoolean("tls_client_certificate_bound_access_tokens")).isTrue();
        serve(ClientCertificates.none(), DpopOptions.DEFAULT);
        assertThat(new JsonObject(metadata()).containsKey("tls_client_certificate_bound_access_tokens")).isFalse();
    }
}
