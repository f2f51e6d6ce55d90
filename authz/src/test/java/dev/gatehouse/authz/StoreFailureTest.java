package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class StoreFailureTest {

    private static final String SERVICE = basic("mcp-test-client", "mcp-test-secret");
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
    @DisabledIfEnvironmentVariable(named = "GATEHOUSE_TEST_STORE", matches = "postgresql", disabledReason = "opens the SQLite file")
    void storeThatCannotBeWrittenMakesTheClientWaitAndIssuesNothing() throws SQLException {
        String live = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").requireOk().json().getString("access_token");
        Approval approval = server.approve("app");
        long before = tokens();
        try (Connection another = DriverManager.getConnection("jdbc:sqlite:" + server.directory().resolve("authz.db"))) {
            another.createStatement().execute("BEGIN IMMEDIATE");
            Answer refused = redeem(approval).requireError(503, "temporarily_unavailable");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(server.isActive(live)).as("reading goes on").isTrue();
            another.createStatement().execute("ROLLBACK");
        }
        assertThat(tokens()).isEqualTo(before);
        redeem(approval).requireOk();
        assertThat(tokens()).isEqualTo(before + 1);
    }

    @Test
    void brokenStoreIsAServerErrorThatTellsNothing() {
        Waiting.on(server.database().write(statements -> statements.update("ALTER TABLE access_token RENAME TO elsewhere")));
        Answer refused = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").requireError(500, "server_error");
        assertThat(refused.body()).doesNotContain("access_token").doesNotContain("SQL");
        assertThat(refused.header("X-Request-Id")).hasSize(12);
        Waiting.on(server.database().write(statements -> statements.update("ALTER TABLE elsewhere RENAME TO access_token")));
        server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").requireOk();
    }

    private Answer redeem(Approval approval) {
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier());
    }

    private long tokens() {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS tokens FROM access_token")).get(0).number("tokens");
    }
}
