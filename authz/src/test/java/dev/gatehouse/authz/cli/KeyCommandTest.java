package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class KeyCommandTest {

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void commandsReachTheRunningServer() {
        String first = published().get(0);
        assertThat(run("list").output()).contains(first, "ES256").doesNotContain("\"d\"");
        CommandRun rotated = run("rotate");
        assertThat(rotated.exitCode()).as(rotated.errors()).isZero();
        assertThat(rotated.output()).contains("signs from");
        Eventually.holds(() -> published().size() > 1);
        assertThat(run("remove", first).exitCode()).isZero();
        Eventually.holds(() -> !published().contains(first));
        assertThat(published()).isNotEmpty();
    }

    @Test
    void unknownKeyIsAMistakeThatChangesNothing() {
        List<String> before = published();
        CommandRun refused = run("remove", "no-such-key");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors()).contains("There is no key no-such-key");
        assertThat(published()).containsAll(before);
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(server, new KeyCommand(), arguments);
    }

    private static List<String> published() {
        JsonObject set = server.send(server.request("/oauth/jwks", null).GET()).requireOk().json();
        return IntStream.range(0, set.getJsonArray("keys").size())
            .mapToObj(i -> set.getJsonArray("keys").getJsonObject(i).getString("kid")).toList();
    }
}
