package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Product;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Clients that show a certificate over real TLS, and those that show another's or none (RFC 8705 §2). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MutualTlsIT {
    private final Certificates keys = new Certificates(Product.scratch("certificates"));
    private ChildProcess server;
    private ChildProcess mcpServer;
    private String issuer;
    private String mcp;

    @BeforeAll
    void start() throws IOException {
        keys.selfSigned("server", "CN=localhost", Certificates.of("localhost"))
            .authority("authority", "CN=Clients Authority")
            .authority("impostor", "CN=Clients Authority")
            .signed("robot", "CN=robot, O=Example", "authority", Certificates.of("robot.example"))
            .signed("other", "CN=other, O=Example", "authority", UnaryOperator.identity())
            .signed("forged", "CN=robot, O=Example", "impostor", Certificates.of("robot.example"))
            .signed("addressed", "CN=addressed", "authority", certificate -> certificate.addSanIpAddress("2001:db8::1").addSanDnsName("Robot.Example"))
            .signed("forServers", "CN=robot, O=Example", "authority", certificate -> certificate.addExtendedKeyUsageServerAuth().addSanDnsName("robot.example"))
            .signed("forClients", "CN=robot, O=Example", "authority", certificate -> certificate.addExtendedKeyUsageServerAuth().addExtendedKeyUsageClientAuth()
                .setKeyUsage(false, KeyUsage.digitalSignature))
            .signed("forAgreement", "CN=robot, O=Example", "authority", certificate -> certificate.setKeyUsage(false, KeyUsage.keyAgreement))
            .selfSigned("own", "CN=own", UnaryOperator.identity())
            .selfSigned("ownLarge", "CN=own large", certificate -> certificate.algorithm(Algorithm.ecp384))
            .selfSigned("ownAgain", "CN=own", UnaryOperator.identity());
        int port = Ports.free();
        issuer = "https://localhost:" + port;
        JsonObject settings = new JsonObject().put("port", port)
            .put("tls", new JsonObject().put("certificateFile", keys.certificateFile("server").toString()).put("keyFile", keys.keyFile("server").toString()))
            .put("mutualTls", new JsonObject().put("enabled", true).put("trustFile", keys.certificateFile("authority").toString()))
            .put("registration", new JsonObject().put("dynamic", new JsonObject()
                .put("grantTypes", new JsonArray().add("authorization_code").add("client_credentials"))));
        Path file = Files.writeString(Product.scratch("conf").resolve("authz.json"), settings.encode());
        server = ChildProcess.start(Product.scratch("log").resolve("tls.log"), Product.environment(Product.scratch("home")),
            Product.command("authz", "-conf", file.toString()));
        int mcpPort = Ports.free();
        mcp = "https://localhost:" + mcpPort + "/mcp";
        JsonObject resource = new JsonObject().put("port", mcpPort).put("resource", mcp).put("authServer", issuer)
            .put("tls", settings.getJsonObject("tls")).put("mutualTls", new JsonObject().put("enabled", true))
            .put("fetching", new JsonObject().put("trustFile", keys.certificateFile("server").toString()));
        Path mcpFile = Files.writeString(file.resolveSibling("resource.json"), resource.encode());
        mcpServer = ChildProcess.start(Product.scratch("log").resolve("mcp.log"), Product.environment(Product.scratch("home")),
            Product.command("mcp", "--transport", "http", "-conf", mcpFile.toString()));
        Eventually.holds("the servers answer", Duration.ofSeconds(60), () -> answers(issuer + "/health") && answers(mcp.replace("/mcp", "/health")));
    }

    @AfterAll
    void stop() {
        mcpServer.stop();
        server.stop();
    }

    @Test
    void methodsAreInMetadata() {
        assertThat(new JsonObject(get("/.well-known/oauth-authorization-server").body()).getJsonArray("token_endpoint_auth_methods_supported"))
            .contains("tls_client_auth", "self_signed_tls_client_auth");
    }

    @Test
    void certificateOfTheAuthorityWithTheRegisteredSubjectIsTakenAndNoOther() {
        String id = register(new JsonObject().put("token_endpoint_auth_method", "tls_client_auth")
            .put("tls_client_auth_subject_dn", "CN=robot,O=Example"));
        requireAccepted(token("robot", id));
        requireRefused(token("other", id));
        requireRefused(token("forged", id));
        requireRefused(token("own", id));
        requireRefused(token(null, id));
        requireAccepted(token("robot", id));
    }

    @Test
    void alternativeNameIsTakenAndNoOther() {
        String id = register(new JsonObject().put("token_endpoint_auth_method", "tls_client_auth").put("tls_client_auth_san_dns", "robot.example"));
        requireAccepted(token("robot", id));
        requireRefused(token("other", id));
        requireRefused(token("forged", id));
    }

    @Test
    void namesAreComparedAsWhatTheyMean() {
        requireAccepted(token("addressed", robot("tls_client_auth_san_ip", "2001:db8::1")));
        requireAccepted(token("addressed", robot("tls_client_auth_san_ip", "2001:DB8:0:0:0:0:0:1")));
        requireRefused(token("addressed", robot("tls_client_auth_san_ip", "2001:db8::2")));
        requireAccepted(token("addressed", robot("tls_client_auth_san_dns", "robot.example")));
        requireRefused(token("addressed", robot("tls_client_auth_san_uri", "robot.example")));
    }

    @Test
    void certificateForOtherUsesIsNoneForClients() {
        String id = robot("tls_client_auth_subject_dn", "CN=robot,O=Example");
        requireRefused(token("forServers", id));
        requireRefused(token("forServers", robot("tls_client_auth_san_dns", "robot.example")));
        requireRefused(token("forAgreement", id));
        requireAccepted(token("forClients", id));
    }

    @Test
    void registeredCertificateMayHaveAKeyOfAnyKind() {
        String id = register(new JsonObject().put("token_endpoint_auth_method", "self_signed_tls_client_auth")
            .put("jwks", new JsonObject().put("keys", new JsonArray().add(jwk("own")).add(jwk("ownLarge")))));
        requireAccepted(token("ownLarge", id));
        requireAccepted(token("own", id));
        requireRefused(token("ownAgain", id));
    }

    @Test
    void registeredCertificateIsTakenAndNoOtherOfTheSameName() {
        String id = register(new JsonObject().put("token_endpoint_auth_method", "self_signed_tls_client_auth")
            .put("jwks", new JsonObject().put("keys", new JsonArray().add(jwk("own")))));
        requireAccepted(token("own", id));
        requireRefused(token("ownAgain", id));
        requireRefused(token("robot", id));
        requireRefused(token(null, id));
    }

    @Test
    void certificateDoesNotStandInForASecret() {
        String id = register(new JsonObject().put("token_endpoint_auth_method", "client_secret_post"));
        requireRefused(token("robot", id));
        String withCertificate = register(new JsonObject().put("token_endpoint_auth_method", "tls_client_auth")
            .put("tls_client_auth_subject_dn", "CN=robot,O=Example"));
        HttpResponse<String> both = post("robot", Map.of("grant_type", "client_credentials", "client_id", withCertificate, "client_secret", "x"));
        assertThat(both.statusCode()).isEqualTo(401);
    }

    @Test
    void headerOfAProxyIsNotBelievedFromAnybodyElse() {
        String id = register(new JsonObject().put("token_endpoint_auth_method", "tls_client_auth")
            .put("tls_client_auth_subject_dn", "CN=robot,O=Example"));
        String header = ":" + Base64.getEncoder().encodeToString(keys.der("robot")) + ":";
        requireRefused(post(null, Map.of("grant_type", "client_credentials", "client_id", id), "Client-Cert", header));
    }

    @Test
    void mcpServerTakesABoundTokenWithItsCertificateOnly() {
        String bound = mcpToken("robot", new JsonObject().put("token_endpoint_auth_method", "tls_client_auth").put("tls_client_auth_subject_dn", "CN=robot,O=Example")
            .put("tls_client_certificate_bound_access_tokens", true));
        assertThat(tools("robot", bound).statusCode()).isEqualTo(200);
        for (String shown : new String[] {"other", "own", null}) {
            HttpResponse<String> refused = tools(shown, bound);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElseThrow()).contains("invalid_token", "certificate");
        }
        assertThat(tools(null, bound, "Client-Cert", ":" + Base64.getEncoder().encodeToString(keys.der("robot")) + ":").statusCode()).isEqualTo(401);
        assertThat(tools("robot", bound).statusCode()).isEqualTo(200);
        String free = mcpToken("robot", new JsonObject().put("token_endpoint_auth_method", "tls_client_auth").put("tls_client_auth_subject_dn", "CN=robot,O=Example"));
        assertThat(tools(null, free).statusCode()).as("a token that is not bound").isEqualTo(200);
        assertThat(send(null, HttpRequest.newBuilder(URI.create(mcp.replace("/mcp", "/.well-known/oauth-protected-resource/mcp")))).body())
            .contains("\"tls_client_certificate_bound_access_tokens\":true");
    }

    private String mcpToken(String shown, JsonObject client) {
        HttpResponse<String> answer = post(shown, Map.of("grant_type", "client_credentials", "client_id", register(client.put("scope", "mcp:read")), "resource", mcp));
        requireAccepted(answer);
        return new JsonObject(answer.body()).getString("access_token");
    }

    private HttpResponse<String> tools(String shown, String token, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(mcp)).header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json").header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "initialize")
                .put("params", new JsonObject().put("protocolVersion", "2025-11-25").put("capabilities", new JsonObject())
                    .put("clientInfo", new JsonObject().put("name", "robot").put("version", "1"))).encode()));
        return send(shown, headers.length == 0 ? request : request.headers(headers));
    }

    private String robot(String member, String name) {
        return register(new JsonObject().put("token_endpoint_auth_method", "tls_client_auth").put(member, name));
    }

    private JsonObject jwk(String name) {
        ECPublicKey published = (ECPublicKey) keys.certificate(name).getPublicKey();
        ECKey key = new ECKey.Builder(Curve.forECParameterSpec(published.getParams()), published).build();
        return new JsonObject(key.toJSONString())
            .put("x5c", new JsonArray().add(Base64.getEncoder().encodeToString(keys.der(name))));
    }

    private String register(JsonObject client) {
        HttpResponse<String> answer = send(null, HttpRequest.newBuilder(URI.create(issuer + "/oauth/register"))
            .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(client
                .put("grant_types", new JsonArray().add("client_credentials")).encode())));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return new JsonObject(answer.body()).getString("client_id");
    }

    private HttpResponse<String> token(String shown, String clientId) {
        return post(shown, Map.of("grant_type", "client_credentials", "client_id", clientId));
    }

    private HttpResponse<String> post(String shown, Map<String, String> form, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(issuer + "/oauth/token"))
            .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(Http.encode(form)));
        return send(shown, headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> get(String path) {
        return send(null, HttpRequest.newBuilder(URI.create(issuer + path)));
    }

    private boolean answers(String url) {
        try {
            return send(null, HttpRequest.newBuilder(URI.create(url))).statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> send(String shown, HttpRequest.Builder request) {
        try {
            return HttpClient.newBuilder().sslContext(keys.context(shown, "server")).build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void requireAccepted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void requireRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid_client").doesNotContain("access_token");
    }
}
