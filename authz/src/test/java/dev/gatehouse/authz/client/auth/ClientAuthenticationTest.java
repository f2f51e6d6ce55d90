package dev.gatehouse.authz.client.auth;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static dev.gatehouse.authz.support.RunningServer.rawBasic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.Argon2id;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

class ClientAuthenticationTest {

    private static final String ODD_ID = "odd: %+/= \u00e9";
    private static final String ODD_SECRET = "s:%41+/= \u00e9";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.basicClient("basic", "s3cret-s3cret"));
        server.add(Clients.postClient("post", "s3cret-s3cret"));
        server.add(Clients.basicClient(ODD_ID, ODD_SECRET));
        server.add(Clients.basicClient("raw", "a+b%zz=="));
        server.add(Clients.basicClient("plus", "one+two"));
        server.add(Clients.publicClient("public"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void methodThatIsOffIsNeitherNamedNorTaken() {
        JsonObject onlyBasic = new JsonObject().put("clientAuthentication", new JsonObject().put("methods", new JsonArray().add("client_secret_basic")));
        try (RunningServer strict = RunningServer.start(onlyBasic)) {
            strict.add(Clients.basicClient("basic", "s3cret-s3cret"));
            strict.add(Clients.postClient("post", "s3cret-s3cret"));
            strict.add(Clients.publicClient("public"));
            JsonObject metadata = strict.send(strict.request("/.well-known/oauth-authorization-server", null).GET()).json();
            assertThat(metadata.getJsonArray("token_endpoint_auth_methods_supported")).containsExactly("client_secret_basic");
            assertThat(metadata.getJsonArray("revocation_endpoint_auth_methods_supported")).containsExactly("client_secret_basic");
            strict.post("/oauth/revoke", "token", "x", "client_id", "post", "client_secret", "s3cret-s3cret").requireError(401, "invalid_client");
            strict.post("/oauth/revoke", "token", "x", "client_id", "public").requireError(401, "invalid_client");
            strict.postAs(basic("basic", "s3cret-s3cret"), "/oauth/revoke", "token", "x", "client_secret", "s3cret-s3cret")
                .requireError(400, "invalid_request");
            assertThat(strict.postAs(basic("basic", "s3cret-s3cret"), "/oauth/revoke", "token", "x").status()).isEqualTo(200);
        }
    }

    @Test
    void basicCredentialsAreFormEncodedFirst() {
        as(basic(ODD_ID, ODD_SECRET)).requireOk();
        as(basic("plus", "one+two")).requireOk();
    }

    @Test
    void basicCredentialsThatAreNotEncodedWorkWhereTheyCanBeMeant() {
        as(rawBasic("basic", "s3cret-s3cret")).requireOk();
        as(rawBasic("raw", "a+b%zz==")).requireOk();
        as(rawBasic("plus", "one+two")).requireOk();
        as(rawBasic("plus", "one two")).requireError(401, "invalid_client");
    }

    @Test
    void wrongSecretAndUnknownClientLookTheSame() {
        Answer wrong = as(basic("basic", "wrong")).requireError(401, "invalid_client");
        Answer unknown = as(basic("unknown", "wrong")).requireError(401, "invalid_client");
        assertThat(wrong.header("WWW-Authenticate")).startsWith("Basic ");
        assertThat(unknown.header("WWW-Authenticate")).isEqualTo(wrong.header("WWW-Authenticate"));
        assertThat(unknown.body()).isEqualTo(wrong.body());
        assertThat(form("client_id", "post", "client_secret", "wrong").body()).isEqualTo(wrong.body());
        assertThat(form("client_id", "unknown", "client_secret", "wrong").body()).isEqualTo(wrong.body());
        assertThat(form("client_id", "unknown").body()).isEqualTo(wrong.body());
    }

    @Test
    void oneMethodAtATime() {
        String credentials = basic("basic", "s3cret-s3cret");
        as(credentials, "client_secret", "s3cret-s3cret").requireError(400, "invalid_request");
        as(credentials, "client_assertion", "x").requireError(400, "invalid_request");
        form("client_id", "post", "client_secret", "s3cret-s3cret", "client_assertion", "x").requireError(400, "invalid_request");
        as(credentials, "client_id", "post").requireError(400, "invalid_request");
        as(credentials, "client_id", "basic").requireOk();
    }

    @Test
    void onlyTheRegisteredMethodWorks() {
        as(basic("post", "s3cret-s3cret")).requireError(401, "invalid_client");
        form("client_id", "basic", "client_secret", "s3cret-s3cret").requireError(401, "invalid_client");
        form("client_id", "basic").requireError(401, "invalid_client");
        form("client_id", "public", "client_secret", "anything").requireError(401, "invalid_client");
        as(basic("public", "")).requireError(401, "invalid_client");
        form("client_id", "basic", "client_assertion_type", "x", "client_assertion", "y").requireError(401, "invalid_client");
        form("client_id", "post", "client_secret", "s3cret-s3cret").requireOk();
        as(basic("basic", "s3cret-s3cret")).requireOk();
    }

    @Test
    void malformedAndForeignHeadersAreRefused() {
        for (String header : List.of("Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Basic OnNlY3JldA==", "Bearer abc", "Digest username=x")) {
            as(header).requireError(401, "invalid_client");
        }
        form().requireError(401, "invalid_client");
    }

    @Test
    void secretsInTheQueryAreNeverAccepted() {
        String body = RunningServer.encode("grant_type", "client_credentials");
        HttpRequest.Builder request = server.request("/oauth/token?client_id=post&client_secret=s3cret-s3cret", null)
            .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(body));
        server.send(request).requireError(400, "invalid_request");
        request = server.request("/oauth/token?unknown=1", basic("basic", "s3cret-s3cret"))
            .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofString(body));
        server.send(request).requireOk();
    }

    @Test
    void twoSecretsLiveDuringRotationAndTheFormerEnds() {
        server.add(Clients.basicClient("rotating", "the former one"));
        as(basic("rotating", "the former one")).requireOk();
        long now = server.clock().millis();
        Waiting.on(server.clients().rotateSecret("rotating", new Client.Secret(ClientSecrets.storedForm("the new one"), now, null), now + 60_000));
        Eventually.holds(() -> as(basic("rotating", "the new one")).status() == 200);
        as(basic("rotating", "the former one")).requireOk();
        server.clock().advance(Duration.ofSeconds(60));
        as(basic("rotating", "the former one")).requireError(401, "invalid_client");
        as(basic("rotating", "the new one")).requireOk();
    }

    @Test
    void chosenSecretIsRememberedOnlyAsLongAsItIsStored() {
        server.add(chosen("chosen", "a chosen secret"));
        as(basic("chosen", "a chosen secret")).requireOk();
        as(basic("chosen", "a chosen secret")).requireOk();
        as(basic("chosen", "another secret")).requireError(401, "invalid_client");
        long now = server.clock().millis();
        Waiting.on(server.clients().rotateSecret("chosen", new Client.Secret(ClientSecrets.storedForm("the new one"), now, null), now));
        Eventually.holds(() -> as(basic("chosen", "a chosen secret")).status() == 401);
        as(basic("chosen", "the new one")).requireOk();
    }

    @Test
    void secretThatIsTooLongIsWrong() {
        as(basic("basic", "x".repeat(8_000))).requireError(401, "invalid_client");
        form("client_id", "post", "client_secret", "\u0301".repeat(8_000)).requireError(401, "invalid_client");
        form("client_id", "x".repeat(8_000), "client_secret", "y").requireError(401, "invalid_client");
        as(basic("basic", "s3cret-s3cret")).requireOk();
    }

    @Test
    void wrongSecretsAreLimitedAlikeForKnownAndUnknownClientsAndTheRightOneStillPasses() {
        try (RunningServer flooded = RunningServer.start()) {
            flooded.add(chosen("slow", "a chosen secret"));
            flooded.add(Clients.basicClient("fast", "s3cret-s3cret"));
            String[] grant = {"grant_type", "client_credentials"};
            flooded.postAs(basic("slow", "a chosen secret"), "/oauth/token", grant).requireOk();
            for (String client : List.of("fast", "slow", "unknown")) {
                List<Integer> statuses = atOnce(120, () -> flooded.postAs(basic(client, "wrong"), "/oauth/token", grant).status());
                assertThat(statuses).as(client).containsOnly(401, 429).filteredOn(status -> status == 401).hasSize(100);
            }
            Answer refused = flooded.postAs(basic("unknown", "wrong"), "/oauth/token", grant).requireError(429, "slow_down");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
            flooded.postAs(basic("fast", "s3cret-s3cret"), "/oauth/token", grant).requireOk();
            flooded.postAs(basic("slow", "a chosen secret"), "/oauth/token", grant).requireOk();
            flooded.clock().advance(Duration.ofMinutes(1));
            flooded.postAs(basic("unknown", "wrong"), "/oauth/token", grant).requireError(401, "invalid_client");
        }
    }

    @Test
    void manyFirstCallersWithOneChosenSecretAllGetIn() {
        server.add(chosen("crowded", "a chosen secret"));
        assertThat(atOnce(60, () -> as(basic("crowded", "a chosen secret")).status())).containsOnly(200);
    }

    private static List<Integer> atOnce(int callers, Supplier<Integer> call) {
        ExecutorService threads = Executors.newFixedThreadPool(40);
        try {
            List<CompletableFuture<Integer>> calls = IntStream.range(0, callers)
                .mapToObj(i -> CompletableFuture.supplyAsync(call, threads)).toList();
            return calls.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdown();
        }
    }

    private static Client chosen(String id, String secret) {
        String hash = new Argon2id(new PasswordHashOptions(64, 1, 1, 1)).hash(secret);
        Client client = Clients.basicClient(id, "x");
        return new Client(id, client.name(), List.of(new Client.Secret(hash, 0, null)), client.authMethods(),
            client.redirectUris(), client.grantTypes(), client.scopes(), List.of(), 0);
    }

    private static Answer as(String authorization, String... more) {
        return server.postAs(authorization, "/oauth/token", with(more));
    }

    private static Answer form(String... more) {
        return server.post("/oauth/token", with(more));
    }

    private static String[] with(String... more) {
        String[] form = new String[more.length + 2];
        form[0] = "grant_type";
        form[1] = "client_credentials";
        System.arraycopy(more, 0, form, 2, more.length);
        return form;
    }
}
