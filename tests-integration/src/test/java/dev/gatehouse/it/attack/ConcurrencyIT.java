package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many callers with one code or one refresh token, at the same moment (OAuth 2.1 §4.1.3, §4.3.1). */
@Gatehouse
@Isolated("measures how long others wait")
final class ConcurrencyIT {
    private static final int CALLERS = 50;
    private static final int ROUNDS = 100;
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;
    private final Crowd crowd = new Crowd(CALLERS);

    ConcurrencyIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @AfterEach
    void endThreads() {
        crowd.close();
    }

    @Test
    void exactlyOneRedemptionOfACodeWins() {
        Journey journey = gatehouse.journey();
        for (int round = 0; round < ROUNDS; round++) {
            Pkce pkce = Pkce.fresh();
            String code = journey.code(client, pkce);
            List<HttpResponse<String>> answers = crowd.atOnce(caller -> client.redeem(code, pkce));
            Map<Integer, List<HttpResponse<String>>> byStatus = answers.stream()
                .collect(Collectors.groupingBy(HttpResponse::statusCode));
            assertThat(byStatus).containsOnlyKeys(200, 400);
            assertThat(byStatus.get(200)).hasSize(1);
            assertThat(byStatus.get(400)).allSatisfy(answer -> assertThat(answer.body()).contains("invalid_grant"));
            String access = Tokens.of(byStatus.get(200).get(0).body()).access();
            assertThat(client.active(access)).as("the replays revoked what the winner got").isFalse();
        }
    }

    /** Hashed slowly on purpose: on an event loop, each would hold up all that comes behind it. */
    @Test
    void nobodyWaitsForThePasswordsOfOthers() {
        Commands.addUserHashedSlowly(gatehouse.home(), "crowd", "right password");
        List<Journey> people = IntStream.range(0, CALLERS).mapToObj(i -> new Journey(new Browser(gatehouse.issuer()), "crowd", "right password")).toList();
        List<Page> forms = people.stream().map(person -> person.browser().open(client.authorizationUrl(Pkce.fresh()))).toList();
        CompletableFuture<List<Page>> logins = CompletableFuture.supplyAsync(() -> crowd.atOnce(caller ->
            people.get(caller).browser().submit(forms.get(caller), people.get(caller).credentials())));
        List<Duration> waits = new ArrayList<>();
        while (!logins.isDone()) {
            long begun = System.nanoTime();
            assertThat(Http.get(gatehouse.issuer() + "/health").statusCode()).isEqualTo(200);
            waits.add(Duration.ofNanos(System.nanoTime() - begun));
        }
        assertThat(logins.join()).allSatisfy(page -> assertThat(page.asksForPassword()).isFalse());
        assertThat(waits).as("answers while passwords were hashed").hasSizeGreaterThan(10)
            .allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(1)));
    }

    /** Within the grace period every caller gets the same successor: no client is logged out, and one family remains. */
    @Test
    void parallelRefreshesShareOneSuccessor() {
        Tokens tokens = gatehouse.tokens();
        for (int round = 0; round < ROUNDS; round++) {
            String current = tokens.refresh();
            List<HttpResponse<String>> answers = crowd.atOnce(caller -> client.refresh(current));
            assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
            Set<String> successors = answers.stream().map(answer -> Tokens.of(answer.body()).refresh())
                .collect(Collectors.toSet());
            assertThat(successors).hasSize(1);
            tokens = Tokens.of(answers.get(0).body());
        }
        assertThat(client.active(tokens.access())).isTrue();
    }

    @Test
    void refreshAgainstRevocationLeavesNothingAlive() {
        Journey journey = gatehouse.journey();
        for (int round = 0; round < ROUNDS; round++) {
            Tokens tokens = journey.tokens(client);
            List<HttpResponse<String>> answers = crowd.atOnce(caller ->
                caller % 2 == 0 ? client.refresh(tokens.refresh()) : client.revoke(tokens.refresh()));
            assertThat(answers).noneMatch(answer -> answer.statusCode() >= 500);
            answers.stream().filter(answer -> answer.body().contains("access_token"))
                .map(answer -> Tokens.of(answer.body()))
                .forEach(issued -> {
                    assertThat(client.active(issued.access())).isFalse();
                    assertThat(client.refresh(issued.refresh()).statusCode()).isEqualTo(400);
                });
        }
    }

    /** A stranger's attempts between those of the owner end nothing (OAuth 2.1 §4.3.1). */
    @Test
    void anotherClientInTheCrowdEndsNothing() {
        OAuthClient stranger = Commands.addConfidentialClient(gatehouse, client.redirectUri());
        Tokens tokens = gatehouse.tokens();
        for (int round = 0; round < ROUNDS; round++) {
            String current = tokens.refresh();
            List<HttpResponse<String>> answers = crowd.atOnce(caller ->
                (caller % 5 == 0 ? client : stranger).refresh(current));
            for (int caller = 0; caller < CALLERS; caller++) {
                assertThat(answers.get(caller).statusCode()).isEqualTo(caller % 5 == 0 ? 200 : 400);
            }
            tokens = Tokens.of(answers.get(0).body());
        }
        assertThat(client.active(tokens.access())).isTrue();
    }

    /** Outside the grace one family cannot live twice: what was spent before its successor was used ends it for all. */
    @Test
    void reuseByACrowdEndsTheFamilyOnceAndForAll() {
        Journey journey = gatehouse.journey();
        for (int round = 0; round < ROUNDS; round++) {
            Tokens first = journey.tokens(client);
            Tokens second = Tokens.of(client.refresh(first.refresh()).body());
            Tokens third = Tokens.of(client.refresh(second.refresh()).body());
            List<HttpResponse<String>> answers = crowd.atOnce(caller -> client.refresh(first.refresh()));
            assertThat(answers).allSatisfy(answer -> assertThat(answer.body()).contains("invalid_grant"));
            assertThat(client.refresh(third.refresh()).statusCode()).isEqualTo(400);
            assertThat(client.active(third.access())).isFalse();
        }
    }

    @Test
    void interleavedUsersNeverSeeEachOthersAnswers() {
        McpSession user = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        String machineToken = new JsonObject(client.clientCredentials().body()).getString("access_token");
        McpSession machine = McpSession.open(gatehouse.mcp(), machineToken);
        for (int round = 0; round < ROUNDS; round++) {
            crowd.atOnce(caller -> {
                boolean isUser = caller % 2 == 0;
                String uri = isUser ? "testuser" : OAuthClient.TEST_ID;
                JsonObject profile = (isUser ? user : machine).tool("get_user_profile", new JsonObject());
                assertThat(profile.getJsonObject("structuredContent").getString("user_id")).isEqualTo(uri);
                return null;
            });
        }
    }
}
