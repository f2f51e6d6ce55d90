package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.fixtures.Waiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

class GroupCommandTest {

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(server, new GroupCommand(), arguments);
    }

    private static void requireRefused(CommandRun run, String message) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(message);
    }

    @Test
    void groupIsCreatedFilledListedEmptiedAndDeleted() {
        assertThat(run("create", "Night shift").output()).contains("Group Night shift created");
        assertThat(run("add", "Night shift", "alice").output()).contains("User alice added to Night shift");
        assertThat(run("list").output()).containsPattern("Night shift\\s+local\\s+1");
        assertThat(run("show", "Night shift").output()).contains("alice", RunningServer.SUB, "local");
        assertThat(run("list", "--json").output()).contains("\"group\"", "Night shift");
        assertThat(run("remove", "Night shift", "alice").exitCode()).isZero();
        assertThat(run("list").output()).containsPattern("Night shift\\s+local\\s+0");
        assertThat(run("delete", "Night shift").exitCode()).isZero();
        assertThat(run("list").output()).doesNotContain("Night shift");
    }

    @Test
    void changeThatMeansNothingIsRefusedAndChangesNothing() {
        assertThat(run("create", "Crew").exitCode()).isZero();
        assertThat(run("add", "Crew", "alice").exitCode()).isZero();
        String before = run("show", "Crew").output();
        requireRefused(run("create", "Crew"), "already exists");
        requireRefused(run("create", " "), "1 to 256 characters");
        requireRefused(run("add", "Crew", "alice"), "Nothing was changed");
        requireRefused(run("add", "Crew", "unknown"), "unknown");
        requireRefused(run("add", "Unknown", "alice"), "Unknown");
        requireRefused(run("remove", "Unknown", "alice"), "Unknown");
        requireRefused(run("delete", "Unknown"), "Unknown");
        requireRefused(run("show", "Unknown"), "Unknown");
        assertThat(run("show", "Crew").output()).isEqualTo(before);
    }

    @Test
    void groupOfAnIdentityProviderIsListedButNotChanged() {
        Waiting.on(server.database().write(statements -> UserGroupStore.replace(statements, RunningServer.SUB, "github", List.of("octo/dev"), 1)));
        assertThat(run("list").output()).containsPattern("octo/dev\\s+github\\s+1");
        requireRefused(run("delete", "octo/dev"), "octo/dev");
        requireRefused(run("remove", "octo/dev", "alice"), "octo/dev");
        assertThat(run("show", "octo/dev").output()).contains("alice");
    }
}
