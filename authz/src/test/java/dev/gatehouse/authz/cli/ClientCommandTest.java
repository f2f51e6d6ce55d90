package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class ClientCommandTest {

    private static final Pattern SECRET = Pattern.compile("client_secret: (ghs_[A-Za-z0-9_-]{43})\\R");
    private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void confidentialClientGetsASecretThatWorksAtOnceAndIsStoredAsHashOnly() {
        String secret = secret(run("add", "worker", "--confidential", "--scope", "mcp:read"));
        assertThat(token("worker", secret)).isEqualTo(200);
        Client client = Waiting.on(server.clients().find("worker")).orElseThrow();
        assertThat(client.grantTypes()).containsExactly("client_credentials");
        assertThat(client.scopes()).hasToString("mcp:read");
        assertThat(client.secrets()).extracting(Client.Secret::hash).allSatisfy(hash -> assertThat(hash).startsWith("sha256:").doesNotContain(secret));
        assertThat(run("show", "worker").output()).contains("worker", "client_credentials", "mcp:read").doesNotContain(secret, "sha256:");
        assertThat(run("list").output()).contains("worker");
        JsonObject listed = new JsonArray(run("list", "--json").output()).stream().map(JsonObject.class::cast)
            .filter(each -> each.getString("client_id").equals("worker")).findFirst().orElseThrow();
        assertThat(listed.getString("type")).isEqualTo("confidential");
        assertThat(listed.getJsonArray("grant_types")).contains("client_credentials");
    }

    @Test
    void resourceServerMayIntrospectAndNothingElse() {
        String secret = secret(run("add", "mcp", "--confidential", "--serves", RESOURCE));
        assertThat(token("mcp", secret)).isEqualTo(400);
        server.postAs(basic("mcp", secret), "/oauth/introspect", "token", "x").requireOk();
    }

    @Test
    void rotationKeepsTheFormerSecretForAWhileOrNotAtAll() {
        String first = secret(run("add", "rotating", "--confidential"));
        assertThat(token("rotating", first)).isEqualTo(200);
        String second = secret(run("rotate-secret", "rotating", "--overlap-seconds", "0"));
        Eventually.holds(() -> token("rotating", second) == 200);
        // The server's clock stands before the command's, so the former secret has not ended for it yet.
        Client client = Waiting.on(server.clients().find("rotating")).orElseThrow();
        assertThat(client.secrets()).hasSize(2).filteredOn(secret -> secret.expiresAt() == null).hasSize(1);
        assertThat(token("rotating", first)).isEqualTo(200);
        server.clock().advance(Duration.ofMillis(Math.max(0, client.secrets().get(1).expiresAt() - server.clock().millis())));
        assertThat(token("rotating", first)).isEqualTo(401);
        assertThat(token("rotating", second)).isEqualTo(200);
    }

    @Test
    void deletedClientIsRefusedWithinMoments() {
        String secret = secret(run("add", "doomed", "--confidential"));
        assertThat(token("doomed", secret)).isEqualTo(200);
        assertThat(run("delete", "doomed").exitCode()).isZero();
        Eventually.holds(() -> token("doomed", secret) == 401);
        assertThat(run("delete", "doomed").exitCode()).isEqualTo(1);
        assertThat(run("show", "doomed").errors()).contains("There is no client doomed");
    }

    @Test
    void wrongRegistrationsAreRefusedWithTheReason() {
        for (List<String> arguments : List.<List<String>>of(
            List.<String>of(), List.of("--public"), List.of("--public", "--confidential"),
            List.of("--public", "--redirect-uri", "http://example.com/callback"),
            List.of("--public", "--redirect-uri", "javascript:alert(1)"),
            List.of("--public", "--redirect-uri", "https://example.com/callback#part"),
            List.of("--public", "--redirect-uri", "http://localhost/cb", "--grant", "client_credentials"),
            List.of("--public", "--redirect-uri", "http://localhost/cb", "--auth-method", "client_secret_post"),
            List.of("--public", "--redirect-uri", "http://localhost/cb", "--serves", RESOURCE),
            List.of("--confidential", "--grant", "password"), List.of("--confidential", "--grant", "authorization_code"),
            List.of("--confidential", "--scope", "admin"), List.of("--confidential", "--serves", "/mcp"),
            List.of("--confidential", "--auth-method", "private_key_jwt"), List.of("--confidential", "--auth-method", "tls_client_auth"),
            List.of("--confidential", "--auth-method", "self_signed_tls_client_auth"),
            List.of("--confidential", "--auth-method", "tls_client_auth", "--tls-subject-dn", "nonsense"),
            List.of("--confidential", "--auth-method", "tls_client_auth", "--tls-subject-dn", "CN=a", "--tls-san-dns", "a.example"))) {
            CommandRun run = run(Stream.concat(Stream.of("add", "wrong"), arguments.stream()).toArray(String[]::new));
            assertThat(run.exitCode()).as(arguments + run.output()).isNotZero();
            assertThat(run.errors()).isNotBlank();
            assertThat(run.output()).doesNotContain("client_secret");
        }
        assertThat(run("add", "usr_wrong", "--confidential").exitCode()).isEqualTo(1);
        assertThat(Waiting.on(server.clients().find("wrong"))).isEmpty();
        assertThat(run("add", "mcp-test-client", "--confidential").errors()).contains("already");
        assertThat(run("add", "right", "--public", "--redirect-uri", "http://localhost/cb").exitCode()).isZero();
    }

    @Test
    void whatCannotBeUsedIsLeftOutAndSaid(@TempDir Path directory) throws IOException {
        JsonObject good = SigningKey.generate(SigningAlgorithm.ES256).publicJwk();
        Path keys = Files.writeString(directory.resolve("jwks.json"), "\uFEFF"
            + new JsonObject().put("keys", new JsonArray().add(good.copy().put("use", "enc")).add(good)).encode());
        CommandRun added = run("add", "mixed", "--confidential", "--auth-method", "private_key_jwt", "--jwks", keys.toString(),
            "--redirect-uri", "https://app.example/cb", "--redirect-uri", "myapp://callback", "--grant", "authorization_code,implicit");
        assertThat(added.exitCode()).as(added.errors()).isZero();
        assertThat(added.errors()).contains("Left out: redirect_uris", "registration.redirectSchemes", "Left out: grant_types", "Left out: jwks");
        Client client = Waiting.on(server.clients().find("mixed")).orElseThrow();
        assertThat(client.redirectUris()).containsExactly("https://app.example/cb");
        assertThat(client.grantTypes()).containsExactly("authorization_code");
        assertThat(client.metadata().jwks()).isEqualTo(new JsonObject().put("keys", new JsonArray().add(good)));
        Path none = Files.writeString(directory.resolve("none.json"), "{\"keys\":[]}");
        assertThat(run("add", "keyless", "--confidential", "--jwks", none.toString()).exitCode()).isZero();
        assertThat(Waiting.on(server.clients().find("keyless")).orElseThrow().metadata().jwks()).isNull();
        assertThat(run("add", "unprovable", "--confidential", "--auth-method", "private_key_jwt", "--jwks", none.toString()).errors()).contains("jwks");
        assertThat(run("update", "mixed", "--jwks", none.toString()).errors()).contains("jwks holds no key");
        assertThat(Waiting.on(server.clients().find("mixed")).orElseThrow()).isEqualTo(client);
    }

    @Test
    void operatorDecidesForOneClientAndTakesItBack() {
        String secret = secret(run("add", "governed", "--confidential", "--access-token-seconds", "60", "--resource", RESOURCE + "x"));
        server.postAs(basic("governed", secret), "/oauth/token", "grant_type", "client_credentials", "resource", RESOURCE)
            .requireError(400, "invalid_target");
        assertThat(run("show", "governed").output()).contains("accessTokenSeconds 60", RESOURCE + "x");
        assertThat(run("update", "governed", "--access-token-seconds", "30", "--resource", "any", "--require-dpop", "--consent", "always",
            "--name", "Governed", "--token-format", "opaque", "--post-logout-redirect-uri", "https://app.example/bye").exitCode()).isZero();
        Eventually.holds(() -> token("governed", secret) == 400);
        Client client = Waiting.on(server.clients().find("governed")).orElseThrow();
        assertThat(client.name()).isEqualTo("Governed");
        assertThat(client.policy().requireDpop()).isTrue();
        assertThat(client.policy().resources()).isEmpty();
        assertThat(client.metadata().texts("post_logout_redirect_uris")).containsExactly("https://app.example/bye");
        assertThat(client.grantTypes()).containsExactly("client_credentials");
        assertThat(run("update", "governed", "--require-dpop", "false", "--access-token-seconds", "0").exitCode()).isZero();
        Eventually.holds(() -> token("governed", secret) == 200);
        assertThat(Waiting.on(server.clients().find("governed")).orElseThrow().policy().accessTokenSeconds()).isNull();
    }

    @Test
    void wrongDecisionsAreRefusedAndChangeNothing() {
        run("add", "steady", "--public", "--redirect-uri", "http://localhost/cb");
        Client before = Waiting.on(server.clients().find("steady")).orElseThrow();
        for (List<String> arguments : List.of(List.of("--consent", "never"), List.of("--consent", "sometimes"), List.of("--resource", "/mcp"),
            List.of("--access-token-seconds", "-1"), List.of("--token-format", "xml"), List.of("--redirect-uri", "javascript:alert(1)"),
            List.of("--scope", "admin"), List.of("--grant", "client_credentials"), List.of("--jwks-uri", "ftp://x"),
            List.of("--grant", "urn:ietf:params:oauth:grant-type:token-exchange"), List.of("--grant", "password"),
            List.of("--jwks", "/nowhere.json"), List.of("--post-logout-redirect-uri", "javascript:alert(1)"))) {
            CommandRun run = run(Stream.concat(Stream.of("update", "steady"), arguments.stream()).toArray(String[]::new));
            assertThat(run.exitCode()).as(arguments + run.output()).isNotZero();
            assertThat(run.errors()).isNotBlank();
        }
        assertThat(Waiting.on(server.clients().find("steady")).orElseThrow()).isEqualTo(before);
        assertThat(run("update", "nobody").errors()).contains("There is no client nobody");
        assertThat(run("update", "steady", "--redirect-uri", "https://app.example/cb", "--consent", "never").exitCode()).isZero();
    }

    @Test
    void clientOfADeviceNeedsNoRedirectUri() {
        assertThat(run("add", "tv", "--public", "--grant", DEVICE_CODE + ",refresh_token").exitCode()).isZero();
        assertThat(server.post("/oauth/device_authorization", "client_id", "tv").requireOk().json().getString("user_code")).isNotBlank();
        assertThat(run("add", "page", "--public", "--redirect-uri", "http://localhost/cb").exitCode()).isZero();
        server.post("/oauth/device_authorization", "client_id", "page").requireError(400, "unauthorized_client");
        assertThat(run("update", "page", "--grant", "authorization_code " + DEVICE_CODE).exitCode()).isZero();
        Eventually.holds(() -> server.post("/oauth/device_authorization", "client_id", "page").status() == 200);
    }

    @Test
    void clientWithACertificateIsKnownByTheOneNameInItAndGetsNoSecret() {
        CommandRun added = run("add", "certified", "--confidential", "--auth-method", "tls_client_auth", "--tls-subject-dn", "CN=app,O=Example");
        assertThat(added.exitCode()).as(added.errors()).isZero();
        assertThat(added.output()).doesNotContain("client_secret");
        assertThat(run("show", "certified").output()).contains("tls_client_auth_subject_dn", "CN=app,O=Example");
        assertThat(run("update", "certified", "--tls-san-dns", "app.example").exitCode()).isZero();
        Client client = Waiting.on(server.clients().find("certified")).orElseThrow();
        assertThat(client.metadata().text("tls_client_auth_san_dns")).isEqualTo("app.example");
        assertThat(client.metadata().text("tls_client_auth_subject_dn")).as("exactly one name counts").isNull();
    }

    @Test
    void whatAnOperatorTakesFromAClientThatDescribesItselfStaysTaken() {
        Client plain = Waiting.on(server.clients().find("mcp-test-client")).orElseThrow();
        server.add(new Client("dcr_cli", "Registered itself", List.of(), plain.authMethods(), plain.redirectUris(), plain.grantTypes(),
            plain.scopes(), List.of(), 0, RegistrationKind.DYNAMIC, plain.metadata(), ClientPolicy.DEFAULT));
        assertThat(run("update", "dcr_cli", "--grant", "authorization_code", "--scope", "mcp:read").exitCode()).isZero();
        Client bounded = Waiting.on(server.clients().find("dcr_cli")).orElseThrow();
        assertThat(bounded.policy().grantTypes()).containsExactly("authorization_code");
        assertThat(bounded.policy().scopes()).hasToString("mcp:read");
        assertThat(run("update", "dcr_cli", "--consent", "never").errors()).contains("clients that you added");
        assertThat(run("update", "dcr_cli", "--grant", "authorization_code,refresh_token", "--scope", "mcp:read,mcp:write").exitCode()).isZero();
        Client widened = Waiting.on(server.clients().find("dcr_cli")).orElseThrow();
        assertThat(widened.grantTypes()).containsExactlyInAnyOrder("authorization_code", "refresh_token");
        assertThat(widened.scopes().values()).containsExactlyInAnyOrder("mcp:read", "mcp:write");
    }

    private static int token(String id, String secret) {
        return server.postAs(basic(id, secret), "/oauth/token", "grant_type", "client_credentials").status();
    }

    private static String secret(CommandRun run) {
        Matcher matcher = SECRET.matcher(run.output());
        assertThat(matcher.find()).as(run.toString()).isTrue();
        return matcher.group(1);
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(server, new ClientCommand(), arguments);
    }
}
