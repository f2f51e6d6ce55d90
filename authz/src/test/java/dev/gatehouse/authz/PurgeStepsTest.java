package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.sql.PeriodicPurge.PurgeStep;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class PurgeStepsTest {

    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void nothingThatIsStillOfUseIsRemoved() {
        JsonObject tokens = login();
        Approval open = server.approve("app");
        purge();
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        assertThat(refresh(tokens)).isEqualTo(200);
        assertThat(redeem(open).status()).isEqualTo(200);
    }

    @Test
    void expiredAccessTokensGoAndTheirGrantStays() {
        JsonObject tokens = login();
        server.clock().advance(Duration.ofHours(2));
        purge();
        assertThat(rows("access_token")).isZero();
        assertThat(rows("authorization_code")).isZero();
        assertThat(rows("authorization_grant")).isEqualTo(1);
        assertThat(refresh(tokens)).isEqualTo(200);
    }

    @Test
    void grantsThatNothingCanReviveGoWithAllTheirTokens() {
        JsonObject tokens = login();
        refresh(tokens);
        server.approve("app");
        server.postAs(basic("mcp-test-client", "mcp-test-secret"), "/oauth/token", "grant_type", "client_credentials").requireOk();
        server.clock().advance(Duration.ofDays(14));
        purge();
        for (String table : new String[] {"authorization_grant", "authorization_code", "refresh_token", "access_token", "interaction"}) {
            assertThat(rows(table)).as(table).isZero();
        }
        assertThat(rows("invalidation")).as("the newest stays, by which a gap is seen").isOne();
        assertThat(rows("client")).as("app, the client of the demo and the console").isEqualTo(3);
        assertThat(redeem(server.approve("app")).status()).isEqualTo(200);
    }

    @Test
    void replayIsKnownAsOneForAWhileAfterTheCodeExpired() {
        Approval approval = server.approve("app");
        JsonObject tokens = redeem(approval).requireOk().json();
        server.clock().advance(Duration.ofMinutes(10));
        purge();
        redeem(approval).requireError(400, "invalid_grant");
        assertThat(server.isActive(tokens.getString("access_token"))).isFalse();
    }

    @Test
    void spentRefreshTokenIsKnownAsOneAsLongAsItsFamilyLives() {
        JsonObject first = login();
        server.clock().advance(Duration.ofDays(13));
        assertThat(refresh(first)).isEqualTo(200);
        server.clock().advance(Duration.ofDays(2));
        purge();
        assertThat(refresh(first)).isEqualTo(400);
        assertThat(Waiting.on(server.database().read("SELECT COUNT(*) AS total FROM authorization_grant WHERE revoked_at IS NOT NULL"))
            .get(0).number("total")).as("its reuse ends the family").isEqualTo(1);
    }

    @Test
    void nothingCountsASecondTimeWhenTheClockIsSetBack() {
        UsedIdentifierStore used = new UsedIdentifierStore(server.database());
        Approval approval = server.approve("app");
        redeem(approval).requireOk();
        assertThat(Waiting.on(used.use("client assertion of app", "one", server.clock().millis() + 300_000))).isTrue();
        server.clock().advance(Duration.ofHours(1));
        purge();
        server.clock().advance(Duration.ofHours(-1));
        assertThat(Waiting.on(used.use("client assertion of app", "one", server.clock().millis() + 300_000))).isFalse();
        redeem(approval).requireError(400, "invalid_grant");
        assertThat(Waiting.on(used.use("client assertion of app", "two", server.clock().millis() + 300_000))).isTrue();
        server.clock().advance(Duration.ofHours(3));
        purge();
        assertThat(rows("used_identifier")).isZero();
    }

    private void purge() {
        for (PurgeStep step : PurgeSteps.of(server.clock(), Duration.ofDays(30), Duration.ofMinutes(10))) {
            Waiting.on(server.database().write(statements -> statements.update(step.sql(), step.cutoff().getAsLong(), 500)));
        }
    }

    private long rows(String table) {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS total FROM " + table)).get(0).number("total");
    }

    private JsonObject login() {
        return redeem(server.approve("app")).requireOk().json();
    }

    private Answer redeem(Approval approval) {
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier());
    }

    private int refresh(JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app",
            "refresh_token", tokens.getString("refresh_token")).status();
    }
}
