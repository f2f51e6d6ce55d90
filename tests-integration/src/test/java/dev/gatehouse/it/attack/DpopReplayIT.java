package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.DpopClient;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One proof, many times at once, on two processes, and behind a restart (RFC 9449 §11.1). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(2)
final class DpopReplayIT {
    private static final int CALLERS = 50;
    private static final int ROUNDS = 100;
    private RunningGatehouse gatehouse;
    private OAuthClient client;
    private OAuthClient second;
    private Crowd crowd;

    @BeforeAll
    void start() {
        // With both compilers: the servers verify 15,000 signatures.
        gatehouse = RunningGatehouse.configured(Map.of("GATEHOUSE_JVM_OPTIONS", ""), new JsonObject(), new JsonObject());
        client = gatehouse.client();
        second = new OAuthClient(gatehouse.secondNode(), client.id(), client.secret(), client.redirectUri());
        crowd = new Crowd(CALLERS);
    }

    @AfterAll
    void stop() {
        crowd.close();
        gatehouse.close();
    }

    @Test
    void proofCountsOnceOnTwoNodes() {
        ProofMaker key = new ProofMaker(Clock.systemUTC());
        List<DpopClient> nodes = List.of(new DpopClient(client, key), new DpopClient(second, key));
        for (int round = 0; round < ROUNDS; round++) {
            String proof = key.proof("POST", client.tokenUrl());
            requireOneWinner(crowd.atOnce(caller -> nodes.get(caller % 2).tokenWith(proof, "grant_type", "client_credentials")), 200, 400);
        }
    }

    @Test
    void proofCountsOnceAtTheMcpServer() {
        DpopClient holder = new DpopClient(client, new ProofMaker(Clock.systemUTC()));
        String token = holder.tokens(gatehouse.journey()).access();
        for (int round = 0; round < ROUNDS; round++) {
            String proof = holder.freshProof(gatehouse.mcp(), token);
            requireOneWinner(crowd.atOnce(caller -> holder.call(gatehouse.mcp(), token, DpopClient.PING, Map.of(), proof)), 400, 401);
        }
    }

    private static void requireOneWinner(List<HttpResponse<String>> answers, int won, int lost) {
        Map<Integer, List<HttpResponse<String>>> byStatus = answers.stream().collect(Collectors.groupingBy(HttpResponse::statusCode));
        assertThat(byStatus).containsOnlyKeys(won, lost);
        assertThat(byStatus.get(won)).hasSize(1);
        assertThat(byStatus.get(lost)).allSatisfy(answer -> assertThat(answer.body()).contains("invalid_dpop_proof"));
    }

    @Test
    void parallelRefreshesOfABoundTokenShareOneSuccessor() {
        OAuthClient open = gatehouse.publicClient();
        DpopClient holder = new DpopClient(open, new ProofMaker(Clock.systemUTC()));
        DpopClient thief = new DpopClient(open, new ProofMaker(Clock.systemUTC()));
        Tokens tokens = holder.tokens(gatehouse.journey());
        for (int round = 0; round < ROUNDS; round++) {
            Tokens current = tokens;
            Map<Boolean, List<HttpResponse<String>>> answers = crowd.atOnce(caller -> Map.entry(caller % 5 > 0,
                    (caller % 5 > 0 ? holder : thief).refresh(current))).stream()
                .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
            assertThat(answers.get(true)).allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
            assertThat(answers.get(false)).allSatisfy(answer -> assertThat(answer.body()).contains("invalid_grant"));
            Set<String> successors = answers.get(true).stream().map(answer -> Tokens.of(answer.body()).refresh()).collect(Collectors.toSet());
            assertThat(successors).hasSize(1);
            tokens = Tokens.of(answers.get(true).get(0).body());
        }
        assertThat(gatehouse.active(tokens.access())).isTrue();
    }

    @Test
    void restartForgetsNoProof() {
        try (RunningGatehouse restarted = RunningGatehouse.configured(new JsonObject(), new JsonObject())) {
            DpopClient holder = new DpopClient(restarted.client(), new ProofMaker(Clock.systemUTC()));
            String token = holder.tokens(restarted.journey()).access();
            String used = holder.key().proof("POST", restarted.client().tokenUrl());
            assertThat(holder.tokenWith(used, "grant_type", "client_credentials").statusCode()).isEqualTo(200);
            String shown = holder.freshProof(restarted.mcp(), token);
            assertThat(holder.call(restarted.mcp(), token, DpopClient.PING, Map.of(), shown).statusCode()).isEqualTo(400);
            restarted.kill();
            restarted.start();
            assertThat(holder.tokenWith(used, "grant_type", "client_credentials").body()).contains("invalid_dpop_proof");
            assertThat(holder.token("grant_type", "client_credentials").statusCode()).isEqualTo(200);
            assertThat(holder.call(restarted.mcp(), token, DpopClient.PING, Map.of(), shown).statusCode()).isEqualTo(401);
            assertThat(holder.call(restarted.mcp(), token, DpopClient.PING, Map.of()).statusCode()).isEqualTo(400);
        }
    }
}
