package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Two processes of one authorization server on one store: what happens once happens once on both together, and what ends on
 * one ends on the other (OAuth 2.1 §4.1.3, §4.3.1; RFC 7009 §2.1).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoNodesIT {
    private static final int CALLERS = 50;
    private static final int ROUNDS = 100;
    private static final Duration ANNOUNCED = Duration.ofSeconds(5);
    private RunningGatehouse gatehouse;
    private OAuthClient first;
    private OAuthClient second;
    private Crowd crowd;

    @BeforeAll
    void start() {
        gatehouse = RunningGatehouse.configured(new JsonObject(), new JsonObject());
        first = gatehouse.client();
        second = new OAuthClient(gatehouse.secondNode(), first.id(), first.secret(), first.redirectUri());
        crowd = new Crowd(CALLERS);
    }

    @AfterAll
    void stop() {
        crowd.close();
        gatehouse.close();
    }

    @Test
    void codeOfOneNodeIsRedeemedOnTheOtherOnce() {
        Pkce pkce = Pkce.fresh();
        String code = gatehouse.journey().code(first, pkce);
        HttpResponse<String> redeemed = second.redeem(code, pkce);
        assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
        String access = Tokens.of(redeemed.body()).access();
        assertThat(first.active(access)).isTrue();
        HttpResponse<String> again = first.redeem(code, pkce);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("invalid_grant");
        Eventually.holds("the other node hears of the replay", ANNOUNCED, () -> !second.active(access));
    }

    @Test
    void redemptionsOnBothNodesAtOnceHaveOneWinner() {
        Journey journey = gatehouse.journey();
        for (int round = 0; round < ROUNDS; round++) {
            Pkce pkce = Pkce.fresh();
            String code = journey.code(first, pkce);
            Map<Integer, List<HttpResponse<String>>> answers = crowd.atOnce(caller -> node(caller).redeem(code, pkce)).stream()
                .collect(Collectors.groupingBy(HttpResponse::statusCode));
            assertThat(answers).containsOnlyKeys(200, 400);
            assertThat(answers.get(200)).hasSize(1);
            assertThat(answers.get(400)).allSatisfy(answer -> assertThat(answer.body()).contains("invalid_grant"));
        }
    }

    @Test
    void refreshesOnBothNodesAtOnceShareOneSuccessor() {
        Tokens tokens = gatehouse.tokens();
        for (int round = 0; round < ROUNDS; round++) {
            String current = tokens.refresh();
            List<HttpResponse<String>> answers = crowd.atOnce(caller -> node(caller).refresh(current));
            assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
            Set<String> successors = answers.stream().map(answer -> Tokens.of(answer.body()).refresh()).collect(Collectors.toSet());
            assertThat(successors).hasSize(1);
            tokens = Tokens.of(answers.get(0).body());
        }
        assertThat(first.active(tokens.access())).isTrue();
        assertThat(second.active(tokens.access())).isTrue();
    }

    @Test
    void revocationOnOneNodeIsHeardByTheOther() {
        Tokens tokens = gatehouse.tokens();
        assertThat(second.active(tokens.access())).isTrue();
        assertThat(first.revoke(tokens.refresh()).statusCode()).isEqualTo(200);
        assertThat(first.active(tokens.access())).isFalse();
        Eventually.holds("the other node hears of the revocation", ANNOUNCED, () -> !second.active(tokens.access()));
        assertThat(second.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
    }

    private OAuthClient node(int caller) {
        return caller % 2 == 0 ? first : second;
    }
}
