package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Certificates that a proxy tells of, which ends TLS in front (RFC 9440), and what it may tell. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientCertificateHeaderIT {
    private final Certificates keys = new Certificates(Product.scratch("certificates"));
    private RunningGatehouse gatehouse;
    private String clientId;

    @BeforeAll
    void start() {
        keys.authority("authority", "CN=Clients Authority")
            .signed("robot", "CN=robot", "authority", UnaryOperator.identity())
            .signed("other", "CN=other", "authority", UnaryOperator.identity())
            .selfSigned("forged", "CN=robot", UnaryOperator.identity());
        gatehouse = RunningGatehouse.inProcess(new JsonObject()
            .put("trustedProxies", new JsonArray().add("127.0.0.1").add("::1"))
            .put("mutualTls", new JsonObject().put("enabled", true).put("proxyHeader", true)
                .put("trustFile", keys.certificateFile("authority").toString()))
            .put("registration", new JsonObject().put("dynamic", new JsonObject()
                .put("grantTypes", new JsonArray().add("authorization_code").add("client_credentials")))), new JsonObject());
        clientId = register();
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    @Test
    void certificateThatTheTrustedProxyTellsOfIsTaken() {
        assertThat(token("Client-Cert", item("robot")).statusCode()).isEqualTo(200);
        assertThat(token("Client-Cert", item("robot"), "Client-Cert-Chain", item("authority")).statusCode()).isEqualTo(200);
        requireRefused(token("Client-Cert", item("other")));
        requireRefused(token("Client-Cert", item("forged")));
        requireRefused(token("Client-Cert", item("forged"), "Client-Cert-Chain", item("robot") + ", " + item("authority")));
    }

    @Test
    void headersThatAreNotAsTheyOughtToBeAreNoCertificate() {
        requireRefused(token("Client-Cert", item("robot"), "Client-Cert", item("other")));
        requireRefused(token("Client-Cert", Base64.getEncoder().encodeToString(keys.der("robot"))));
        requireRefused(token("Client-Cert", ":not base64:"));
        requireRefused(token("Client-Cert", ":AAAA:"));
        requireRefused(token("Client-Cert", "::"));
        requireRefused(token("Client-Cert", item("robot"), "Client-Cert-Chain", ":AAAA:"));
        requireRefused(token("Client-Cert-Chain", item("robot")));
        requireRefused(token("X-Client-Cert", item("robot")));
        assertThat(token("Client-Cert", item("robot")).statusCode()).isEqualTo(200);
    }

    private String item(String name) {
        return ":" + Base64.getEncoder().encodeToString(keys.der(name)) + ":";
    }

    private String register() {
        JsonObject client = new JsonObject().put("token_endpoint_auth_method", "tls_client_auth")
            .put("tls_client_auth_subject_dn", "CN=robot").put("grant_types", new JsonArray().add("client_credentials"));
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", "application/json", client.encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new JsonObject(answer.body()).getString("client_id");
    }

    private HttpResponse<String> token(String... headers) {
        String form = Http.encode(Map.of("grant_type", "client_credentials", "client_id", clientId));
        return Http.send(HttpRequest.newBuilder(URI.create(gatehouse.issuer() + "/oauth/token")).headers(headers)
            .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private static void requireRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_client").doesNotContain("access_token");
    }
}
