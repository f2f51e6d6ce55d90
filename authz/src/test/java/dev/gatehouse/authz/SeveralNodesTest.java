package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Two servers over one PostgreSQL database: what happens once happens once on both together, and limits hold for both together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralNodesTest {

    private static final int CALLERS = 50;
    private static final int ROUNDS = 10;

    private RunningServer first;
    private RunningServer second;
    private Client client;

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
        Path directory = RunningServer.temporaryDirectory();
        JsonObject store = new JsonObject().put("issuer", "http://localhost:9000").put("store", new JsonObject().put("url", Postgres.shared().createDatabase()))
            .put("registration", new JsonObject().put("dynamic", new JsonObject().put("maximumClients", 20)));
        first = RunningServer.start(directory, store.copy(), 1);
        second = RunningServer.start(directory, store.copy(), 1);
        client = first.add(Clients.publicClient("app"));
    }

    @AfterAll
    void stop() {
        if (second != null) {
            second.close();
            first.close();
        }
    }

    private String[] form(Approval approval) {
        return new String[] {"grant_type", "authorization_code", "code", approval.code(), "redirect_uri", approval.redirectUri(), "code_verifier",
            approval.verifier(), "client_id", client.id()};
    }

    private List<Answer> atOnce(String... form) {
        List<Answer> answers = new ArrayList<>();
        List<CompletableFuture<List<Answer>>> halves = List.of(first, second).stream()
            .map(node -> CompletableFuture.supplyAsync(() -> node.postAtOnce(CALLERS / 2, null, "/oauth/token", form))).toList();
        halves.forEach(half -> answers.addAll(half.join()));
        return answers;
    }

    @Test
    void oneOfManyRedemptionsOfACodeWinsAndTheOthersRevokeIt() {
        for (int round = 0; round < ROUNDS; round++) {
            Approval approval = first.approve(client.id());
            List<Answer> answers = atOnce(form(approval));
            assertThat(answers).extracting(Answer::status).containsOnly(200, 400);
            assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
            String token = answers.stream().filter(answer -> answer.status() == 200).findFirst().orElseThrow().json().getString("access_token");
            Eventually.holds("both nodes know of the replay", Duration.ofSeconds(5), () -> !first.isActive(token) && !second.isActive(token));
        }
    }

    @Test
    void refreshesOfManyShareOneSuccessor() {
        Approval approval = second.approve(client.id());
        String refresh = first.post("/oauth/token", form(approval)).requireOk().json().getString("refresh_token");
        for (int round = 0; round < ROUNDS; round++) {
            List<Answer> answers = atOnce("grant_type", "refresh_token", "refresh_token", refresh, "client_id", client.id());
            assertThat(answers).extracting(Answer::status).containsOnly(200);
            List<String> successors = answers.stream().map(answer -> answer.json().getString("refresh_token")).distinct().toList();
            assertThat(successors).hasSize(1);
            refresh = successors.get(0);
        }
    }

    @Test
    void identifierCountsOnceOnAllNodes() {
        for (int round = 0; round < ROUNDS; round++) {
            String identifier = "jti" + round;
            List<Future<Boolean>> uses = IntStream.range(0, CALLERS).mapToObj(i -> new UsedIdentifierStore((i % 2 == 0 ? first : second).database())
                .use("proof", identifier, Long.MAX_VALUE)).toList();
            Waiting.on(Future.all(uses));
            assertThat(uses.stream().filter(Future::result)).hasSize(1);
        }
    }

    /** Each answer above the limit would be one more guess of the password. */
    @Test
    void wrongPasswordsAboveTheLimitGetNoAnswer() {
        LoginFailureStore.Rule rule = new LoginFailureStore.Rule(60_000, 60_000, 600_000);
        List<LoginFailureStore.Limit> limits = List.of(new LoginFailureStore.Limit("account", 5), new LoginFailureStore.Limit("source", 100));
        List<Future<Long>> failures = IntStream.range(0, CALLERS).mapToObj(i -> new LoginFailureStore((i % 2 == 0 ? first : second).database())
            .recordFailure(limits, rule, 1_000)).toList();
        Waiting.on(Future.all(failures));
        assertThat(failures.stream().filter(failure -> failure.result() == 0)).hasSize(5);
    }

    @Test
    void moreClientsThanTheMaximumNeverExist() {
        List<CompletableFuture<Answer>> registrations = IntStream.range(0, CALLERS).mapToObj(i ->
            CompletableFuture.supplyAsync(() -> (i % 2 == 0 ? first : second).postJson("/oauth/register",
                new JsonObject().put("client_name", "App " + i).put("redirect_uris", new JsonArray().add("http://127.0.0.1:" + (2_000 + i) + "/callback"))))).toList();
        List<Integer> statuses = registrations.stream().map(registration -> registration.join().status()).toList();
        assertThat(statuses).allMatch(status -> status < 500 || status == 503).contains(201);
        assertThat(Waiting.on(first.database().read("SELECT COUNT(*) AS n FROM client_registration")).get(0).number("n")).isLessThanOrEqualTo(20);
    }

    @Test
    void revocationOnOneNodeIsKnownOnTheOtherAtOnce() {
        int prompt = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Approval approval = first.approve(client.id());
            String token = first.post("/oauth/token", form(approval)).requireOk().json().getString("access_token");
            assertThat(second.isActive(token)).isTrue();
            assertThat(first.post("/oauth/revoke", "token", token, "client_id", client.id()).status()).isEqualTo(200);
            long revoked = System.nanoTime();
            Eventually.holds("the other node knows", Duration.ofSeconds(5), () -> !second.isActive(token));
            prompt += System.nanoTime() - revoked < 200_000_000L ? 1 : 0;
        }
        assertThat(prompt).as("revocations that took less than the interval of the feed").isGreaterThan(ROUNDS / 2);
    }

    @Test
    void textThatPostgresqlCannotStoreIsRejectedAndNoFaultOfTheServer() {
        for (RunningServer node : List.of(first, second)) {
            assertThat(node.post("/oauth/token", "grant_type", "refresh_token", "refresh_token", "a\u0000b", "client_id", client.id()).status()).isEqualTo(400);
            assertThat(node.post("/oauth/token", "grant_type", "client_credentials", "client_id", "a\u0000b").status()).isBetween(400, 401);
            assertThat(node.post("/oauth/introspect", "token", "a\u0000b").status()).isLessThan(500);
            assertThat(node.postJson("/oauth/register", new JsonObject().put("client_name", "a\u0000b")
                .put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback"))).status()).isLessThan(500);
        }
        assertThat(first.post("/oauth/token", "grant_type", "refresh_token", "refresh_token", "ab", "client_id", client.id()).status()).isEqualTo(400);
    }
}
