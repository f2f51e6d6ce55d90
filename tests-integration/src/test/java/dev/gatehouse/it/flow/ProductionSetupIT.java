package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.ProductionServers;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** {@code gatehouse init production}: from an operator's answers to two servers that work over TLS of a private authority. */
final class ProductionSetupIT {
    private static final List<String> FILES =
        List.of("authz.json", "gatehouse-authz.service", "gatehouse-mcp.service", "mcp.env", "resource.json");
    private final Path home = Product.scratch("home");
    private final Path target = Product.scratch("production").resolve("new");

    @Test
    void answersBehindAProxyBecomeFilesForTheirOwnerOnly() throws IOException {
        Product.Result done = Product.runWithInput(home, """
            https://auth.example.com
            https://mcp.example.com/mcp
            10.0.0.0/8, 127.0.0.1
            open
            none
            """, "init", "production", "--directory", target.toString());
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(names()).isEqualTo(FILES);
        for (String name : FILES) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(name)))).isEqualTo("rw-------");
        }
        JsonObject authz = read("authz.json");
        assertThat(authz.getString("profile")).isEqualTo("production");
        assertThat(authz.getJsonArray("trustedProxies").encode()).isEqualTo("[\"10.0.0.0/8\",\"127.0.0.1\"]");
        assertThat(authz.getJsonArray("resources").encode()).contains("https://mcp.example.com/sse");
        assertThat(Files.readString(target.resolve("gatehouse-mcp.service"))).contains("EnvironmentFile=" + target.resolve("mcp.env"),
            "gatehouse mcp --transport http -conf " + target.resolve("resource.json"), "GATEHOUSE_HOME=" + home);
        assertThat(Files.readString(target.resolve("resource.json"))).doesNotContain("ghs_");
        assertThat(done.out()).contains("gatehouse user add").doesNotContain("ghs_");
        assertThat(Product.run(home, "client", "show", "mcp-server").out()).contains("https://mcp.example.com/mcp", "https://mcp.example.com/sse");
    }

    @Test
    void wrongAnswersAndASecondRunChangeNothing() throws IOException {
        String[] good = {"init", "production", "--directory", target.toString(), "--issuer", "https://auth.example.com", "--resource",
            "https://mcp.example.com/mcp", "--proxies", "127.0.0.1", "--registration", "closed", "--trust-file", "none"};
        Path noCertificate = Files.writeString(Product.scratch("text").resolve("ca.pem"), "no certificate\n");
        for (String[] wrong : List.of(new String[] {"--proxies", "proxy.example.com"}, new String[] {"--proxies", "10.0.0.0/33"},
            new String[] {"--trust-file", noCertificate.toString()}, new String[] {"--directory", noCertificate.resolve("new").toString()},
            new String[] {"--issuer", "http://auth.example.com"}, new String[] {"--resource", "https://mcp.example.com"},
            new String[] {"--registration", "perhaps"}, new String[] {"--trust-file", "/no/such/file"})) {
            Product.Result refused = Product.run(home, with(good, wrong));
            assertThat(refused.exitCode()).as(String.join(" ", wrong)).isEqualTo(1);
            assertThat(refused.err()).contains("Nothing was written").doesNotContain("\tat ");
            assertThat(target).doesNotExist();
        }
        assertThat(Product.run(home, good).exitCode()).isZero();
        assertThat(read("authz.json").getJsonObject("registration").getJsonObject("dynamic").getBoolean("enabled")).isFalse();
        String secret = Files.readString(target.resolve("mcp.env"));
        Product.Result again = Product.run(home, good);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("exists").contains("Nothing was written");
        assertThat(Files.readString(target.resolve("mcp.env"))).isEqualTo(secret);
    }

    @Test
    void pathsThatSystemdAndShellsReadOtherwiseAreQuoted() throws IOException {
        Path odd = Product.scratch("odd").resolve("100% of $HOME");
        Product.Result done = Product.run(odd.resolve("home"), "init", "production", "--directory", odd.toString(), "--issuer",
            "https://auth.example.com", "--resource", "https://mcp.example.com/mcp", "--proxies", "127.0.0.1", "--registration", "open",
            "--trust-file", "none");
        assertThat(done.exitCode()).as(done.err()).isZero();
        String escaped = odd.toString().replace("%", "%%");
        assertThat(Files.readAllLines(odd.resolve("gatehouse-mcp.service"))).contains("WorkingDirectory=" + escaped,
            "Environment=\"GATEHOUSE_HOME=" + escaped + "/home\"", "EnvironmentFile=" + escaped + "/mcp.env", "ReadWritePaths=\"" + escaped + "/home\"",
            "CapabilityBoundingSet=").anyMatch(line -> line.startsWith("ExecStart=")
                && line.endsWith(" -conf \"" + escaped.replace("$", "$$") + "/resource.json\""));
        assertThat(done.out()).contains("./gatehouse authz -conf '" + odd + "'/authz.json");
    }

    @Test
    void withoutAProxyEachServerListensOnThePortOfItsUrl() throws IOException {
        Certificates keys = new Certificates(Product.scratch("certificates")).selfSigned("server", "CN=localhost", UnaryOperator.identity());
        String[] samePort = {"init", "production", "--directory", target.toString(), "--issuer", "https://auth.example.com", "--resource",
            "https://mcp.example.com/mcp", "--certificate", keys.certificateFile("server").toString(), "--certificate-key",
            keys.keyFile("server").toString(), "--registration", "open", "--trust-file", "none"};
        Product.Result refused = Product.run(home, samePort);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("same port, 443", "Nothing was written");
        assertThat(target).doesNotExist();
        Product.Result done = Product.run(home, with(samePort, new String[] {"--resource", "https://mcp.example.com:8443/mcp"}));
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(read("authz.json").getInteger("port")).isEqualTo(443);
        assertThat(read("resource.json").getInteger("port")).isEqualTo(8443);
        assertThat(Files.readString(target.resolve("gatehouse-authz.service"))).contains("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n");
        assertThat(Files.readString(target.resolve("gatehouse-mcp.service"))).doesNotContain("AmbientCapabilities").contains("\nCapabilityBoundingSet=\n");
    }

    @Test
    void bothServersStartAndClientsGetTokensForBothEndpoints() throws Exception {
        try (ProductionServers servers = ProductionServers.start()) {
            String issuer = servers.issuer();
            String mcp = servers.mcpOrigin();
            HttpClient http = servers.http();
            Product.Result worker = servers.command("", "client", "add", "worker", "--confidential");
            String secret = worker.out().replaceAll("(?s).*client_secret: *(\\S+).*", "$1");
            assertThat(servers.authorizationServerLog()).contains("listening on localhost port " + URI.create(issuer).getPort() + " as " + issuer);
            assertThat(post(http, issuer + "/oauth/register", "application/json", null,
                "{\"redirect_uris\":[\"http://localhost:3334/oauth/callback\"],\"token_endpoint_auth_method\":\"none\"}").statusCode()).isEqualTo(201);
            String basic = "Basic " + Base64.getEncoder().encodeToString(("worker:" + secret).getBytes(StandardCharsets.UTF_8));
            for (String endpoint : List.of("/mcp", "/sse")) {
                HttpResponse<String> token = post(http, issuer + "/oauth/token", "application/x-www-form-urlencoded", basic,
                    "grant_type=client_credentials&scope=mcp:read&resource=" + mcp + endpoint);
                assertThat(token.statusCode()).as(token.body()).isEqualTo(200);
                HttpResponse<String> called = post(http, mcp + "/mcp", "application/json",
                    "Bearer " + new JsonObject(token.body()).getString("access_token"),
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                        + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
                assertThat(called.statusCode()).as(called.body() + servers.mcpServerLog()).isEqualTo(200);
            }
            assertThat(post(http, issuer + "/oauth/token", "application/x-www-form-urlencoded", basic,
                "grant_type=client_credentials&resource=" + mcp + "/other").body()).contains("invalid_target");
        }
    }

    private static HttpResponse<String> post(HttpClient http, String url, String type, String authorization, String body)
        throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", type)
            .header("Accept", "application/json, text/event-stream").POST(BodyPublishers.ofString(body));
        return http.send((authorization == null ? request : request.header("Authorization", authorization)).build(), BodyHandlers.ofString());
    }

    private static String[] with(String[] good, String[] change) {
        String[] changed = good.clone();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i].equals(change[0])) {
                changed[i + 1] = change[1];
            }
        }
        return changed;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private JsonObject read(String name) throws IOException {
        return new JsonObject(Files.readString(target.resolve(name)));
    }
}
