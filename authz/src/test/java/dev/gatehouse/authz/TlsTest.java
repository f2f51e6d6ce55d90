package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;

@Tag("slow")
class TlsTest {

    private final Vertx vertx = Vertx.vertx();
    private final Path directory = RunningServer.temporaryDirectory();
    private final Certificates certificates = new Certificates(directory).selfSigned("server", "CN=localhost", Certificates.of("localhost"));
    private final int port = Ports.free();

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void productionServesHttpsAndTellsBrowsersToStayThere() throws Exception {
        Waiting.on(vertx.deployVerticle(new AuthzVerticle(), options()));
        HttpClientOptions trusting = new HttpClientOptions().setSsl(true)
            .setTrustOptions(new PemTrustOptions().addCertPath(certificates.certificateFile("server").toString()));
        HttpClient client = vertx.createHttpClient(trusting);
        AtomicReference<HttpClientResponse> response = new AtomicReference<>();
        Buffer body = Waiting.on(client.request(HttpMethod.GET, port, "localhost", "/.well-known/oauth-authorization-server")
            .compose(request -> request.send()).onSuccess(response::set).compose(HttpClientResponse::body));
        Waiting.on(client.close());
        assertThat(response.get().statusCode()).isEqualTo(200);
        assertThat(response.get().getHeader("Strict-Transport-Security")).startsWith("max-age=");
        assertThat(body.toJsonObject().getString("issuer")).isEqualTo("https://localhost:" + port);
    }

    @Test
    void refusalOverHttp2IsAWholeMessage() throws Exception {
        JsonObject limited = options().getConfig().put("rateLimits", new JsonObject().put("tokenPerMinute", 1));
        Waiting.on(vertx.deployVerticle(new AuthzVerticle(), new DeploymentOptions().setConfig(limited)));
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setSsl(true).setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2)
            .setTrustOptions(new PemTrustOptions().addCertPath(certificates.certificateFile("server").toString())));
        assertThat(post(client, "grant_type=x").statusCode()).isEqualTo(400);
        HttpClientResponse tooMany = post(client, "grant_type=x");
        assertThat(tooMany.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(tooMany.statusCode()).isEqualTo(429);
        assertThat(tooMany.getHeader("Retry-After")).isEqualTo("60");
        assertThat(tooMany.getHeader("Connection")).isNull();
        Waiting.on(client.close());
    }

    private HttpClientResponse post(HttpClient client, String form) {
        return Waiting.on(client.request(HttpMethod.POST, port, "localhost", "/oauth/token")
            .compose(request -> request.putHeader("Content-Type", "application/x-www-form-urlencoded").send(form))
            .compose(response -> response.end().map(response)));
    }

    @Test
    void privateKeyThatOthersMayReadIsRefused() throws Exception {
        DeploymentOptions options = options();
        Files.setPosixFilePermissions(directory.resolve("server-key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Waiting.on(vertx.deployVerticle(new AuthzVerticle(), options)))
            .isInstanceOf(StartupException.class).hasMessageContaining("tls.keyFile").hasMessageContaining("chmod 600");
    }

    private DeploymentOptions options() {
        JsonObject configuration = RunningServer.configuration(directory, port).put("profile", "production")
            .put("issuer", "https://localhost:" + port)
            .put("tls", new JsonObject().put("certificateFile", certificates.certificateFile("server").toString())
                .put("keyFile", certificates.keyFile("server").toString()));
        return new DeploymentOptions().setConfig(configuration);
    }
}
