package dev.gatehouse.it.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.doctor.DoctorCommand;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Proxy;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Both servers below paths of one host, behind real proxies that are configured as the documentation says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProxyIT {
    private static final Pattern FAILURE = Pattern.compile("✗ .*\\(([a-z0-9-]+)\\)");
    private static final Pattern ADDRESS = Pattern.compile("http://localhost:\\d+/auth/oauth/authorize\\?\\S+");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private final int port = Ports.free();
    private final String host = "http://localhost:" + port;
    private final String issuer = host + "/auth";
    private final String mcp = host + "/tools/mcp";
    private RunningGatehouse gatehouse;

    @BeforeAll
    void start() {
        gatehouse = RunningGatehouse.inProcess(
            new JsonObject().put("issuer", issuer).put("defaultResource", mcp).put("trustedProxies", JsonArray.of("127.0.0.1")),
            new JsonObject().put("resource", mcp).put("authServer", issuer).put("introspection", new JsonObject()
                .put("clientId", OAuthClient.TEST_ID).put("clientSecret", OAuthClient.TEST_SECRET)));
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    @ParameterizedTest(name = "{0}, path taken off: {1}")
    @CsvSource({"NGINX,false", "NGINX,true", "CADDY,false", "CADDY,true", "HAPROXY,false", "HAPROXY,true"})
    void clientFindsLogsInAndCallsBelowThePublicPaths(Proxy proxy, boolean strips) {
        try (ChildProcess running = proxy.start(strips, port, URI.create(gatehouse.issuer()).getPort(), URI.create(gatehouse.mcpOrigin()).getPort())) {
            assertThat(discoverIssuer()).isEqualTo(issuer);
            String token = new Journey(new Browser(host), "testuser", "testpass").tokens(OAuthClient.demo(issuer)).access();
            McpSession session = McpSession.open(mcp, token);
            assertThat(session.call("ping", new JsonObject()).containsKey("result")).isTrue();
            requireStream(token);
            requireWayOfEarlyClients();
            assertThat(Http.get(issuer + "/health").statusCode()).isEqualTo(200);
            assertThat(Http.get(host + "/tools/health").statusCode()).isEqualTo(200);
            assertThat(running.alive()).isTrue();
        }
    }

    @Test
    void theDoctorFindsNoFaultBehindTheDocumentedNginx() {
        assertThat(failures(documented -> documented)).isEmpty();
    }

    /** As nginx is by itself, before 1.29.7. */
    @Test
    void streamsPassAnNginxThatSpeaksHttp10() {
        assertThat(failures(ProxyIT::speaksHttp10, "--login", "--no-browser", "--login-seconds", "30")).isEmpty();
    }

    @Test
    void theDoctorNamesAnNginxThatHoldsEventsBack() {
        assertThat(failures(documented -> "proxy_ignore_headers X-Accel-Buffering;" + speaksHttp10(documented), "--login", "--no-browser", "--login-seconds", "30")).containsExactly("stream-unbuffered");
    }

    private static String speaksHttp10(String lines) {
        return lines.replace("proxy_http_version 1.1;", "");
    }

    /** @param pattern the documented lines to replace, as a regular expression */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        host-accepted              | Host \\$http_host                                                 | Host backend
        challenge-present          | client_max_body_size                                              | proxy_hide_header WWW-Authenticate; client_max_body_size
        authorization-forwarded    | client_max_body_size                                              | proxy_set_header Authorization ""; client_max_body_size
        resource-metadata-inserted | location /.well-known/oauth-protected-resource                    | location /elsewhere
        no-server-error            | location /tools/ [{] proxy_pass http://127.0.0.1:\\d+             | location /tools/ { proxy_pass http://127.0.0.1:1
        no-redirect                | location /tools/ [{][^}]*[}]                                      | location /tools/ { return 301 /tools/mcp/; }
        cors-one-origin            | client_max_body_size                                              | add_header Access-Control-Allow-Origin * always; client_max_body_size
        """)
    void theDoctorNamesAFaultOfNginx(String check, String pattern, String replacement) {
        assertThat(failures(documented -> documented.replaceAll(pattern, Matcher.quoteReplacement(replacement)))).contains(check);
    }

    private List<String> failures(UnaryOperator<String> change, String... options) {
        StringWriter report = new StringWriter();
        AuthorizationRequests requests = new AuthorizationRequests();
        try (ChildProcess running = Proxy.NGINX.start(false, port, URI.create(gatehouse.issuer()).getPort(), URI.create(gatehouse.mcpOrigin()).getPort(), change)) {
            int exitCode = new CommandLine(new DoctorCommand()).setOut(new PrintWriter(report, true)).setErr(new PrintWriter(requests, true))
                .execute(Stream.concat(Stream.of(mcp), Stream.of(options)).toArray(String[]::new));
            List<String> failures = FAILURE.matcher(report.toString()).results().map(found -> found.group(1)).toList();
            assertThat(requests.allowed).succeedsWithin(LIMIT);
            assertThat(exitCode).as(report.toString()).isEqualTo(failures.isEmpty() ? 0 : 1);
            assertThat(running.alive()).isTrue();
            return failures;
        }
    }

    /** Text for a person, who follows the address in it and allows the request. */
    private final class AuthorizationRequests extends StringWriter {

        private CompletableFuture<?> allowed = CompletableFuture.completedFuture(null);

        @Override
        public void flush() {
            Matcher address = ADDRESS.matcher(getBuffer());
            if (address.find()) {
                String request = address.group();
                getBuffer().setLength(0);
                allowed = CompletableFuture.runAsync(() -> Http.get(new Journey(new Browser(host), "testuser", "testpass").allow(request).toString()));
            }
        }
    }

    /** From the challenge to the authorization server's metadata, at both addresses where clients look for it. */
    private String discoverIssuer() {
        for (String endpoint : new String[] {mcp, host + "/tools/sse"}) {
            HttpResponse<String> challenge = Http.get(endpoint, "Accept", "text/event-stream");
            assertThat(challenge.statusCode()).isEqualTo(401);
            String metadata = challenge.headers().firstValue("www-authenticate").orElseThrow().replaceAll(".*resource_metadata=\"([^\"]+)\".*", "$1");
            JsonObject resource = json(metadata);
            assertThat(resource.getString("resource")).isIn(mcp, endpoint);
            assertThat(resource.getJsonArray("authorization_servers")).containsExactly(issuer);
        }
        JsonObject byPath = json(host + "/.well-known/oauth-authorization-server/auth");
        assertThat(json(issuer + "/.well-known/openid-configuration")).isEqualTo(byPath);
        assertThat(byPath.getString("token_endpoint")).isEqualTo(issuer + "/oauth/token");
        return byPath.getString("issuer");
    }

    /** Clients of 2025-03-26 begin at the root of the host. */
    private void requireWayOfEarlyClients() {
        assertThat(json(host + "/.well-known/oauth-authorization-server").getString("issuer")).isEqualTo(issuer);
        for (String[] way : new String[][] {{"/token", "token"}, {"/register", "register"}}) {
            HttpResponse<String> redirect = Http.post(host + way[0], Http.JSON, "{}");
            assertThat(redirect.statusCode()).as(way[0] + redirect.body()).isEqualTo(307);
            assertThat(redirect.headers().firstValue("Location")).contains(issuer + "/oauth/" + way[1]);
        }
        assertThat(Http.get(host + "/authorize?client_id=x").headers().firstValue("Location")).contains(issuer + "/oauth/authorize?client_id=x");
    }

    private void requireStream(String token) {
        try (EventStream stream = EventStream.open(Http.request(host + "/tools/sse", "Accept", "text/event-stream", "Authorization", "Bearer " + token).GET())) {
            String endpoint = stream.next(LIMIT).data();
            assertThat(endpoint).startsWith("/tools/messages?");
            assertThat(Http.send(McpSession.message(host + endpoint, token, McpSession.initializeRequest().encode())).statusCode()).isEqualTo(202);
            assertThat(new JsonObject(stream.next(LIMIT).data()).containsKey("result")).isTrue();
        }
    }

    private static JsonObject json(String url) {
        HttpResponse<String> answer = Http.get(url);
        assertThat(answer.statusCode()).as(url + " " + answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
