package dev.gatehouse.authz.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.shared.http.HeldMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

/** Forms that a browser sends and that the server does not read to their end. The tests run at once, because the server waits for a body. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class FormBodyTest {

    private static final String AUTHORIZE = "/oauth/authorize";
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

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\na", "Transfer-Encoding: chunked\r\n\r\n5\r\na", "Transfer-Encoding: chunked\r\n\r\nzz\r\na"})
    void aFormThatDoesNotArriveIsAPageWith400AndEndsTheConnection(String rest) throws IOException {
        String answer = sendRaw(rest);
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close").containsIgnoringCase("content-type: text/html")
            .contains("The form is incomplete", "Go back and send the form again.").doesNotContain("Internal error");
        assertThat(authorize().status()).isEqualTo(303);
    }

    /** The server waits ten seconds for a body. */
    private String sendRaw(String rest) throws IOException {
        return server.raw("POST " + AUTHORIZE + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n" + rest);
    }

    @Test
    void aFormForWhichThereIsNoMemoryIsAPageWith503UntilThereIs() {
        HeldMemory.Share others = server.heldMemory().share("others");
        others.hold(Runtime.getRuntime().maxMemory());
        Answer refused = authorize();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        assertThat(refused.header("Connection")).isEqualTo("close");
        assertThat(refused.header("Content-Type")).startsWith("text/html");
        assertThat(refused.body()).contains("The server is busy").doesNotContain("Internal error");
        others.release();
        assertThat(authorize().status()).isEqualTo(303);
    }

    private Answer authorize() {
        return server.post(AUTHORIZE, "response_type", "code", "client_id", "app");
    }
}
