package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.admin.AdminClient;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.session.LoginFailureStore.Limit;
import dev.gatehouse.authz.session.LoginFailureStore.Rule;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.MailServer;
import dev.gatehouse.authz.support.MailServer.Received;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** Mails about changes by administrators, received by a real SMTP server. */
class AdministratorNoticeTest {

    private static final String NEW = "purple monkey dishwasher";
    private static final String[] IDENTITY = {"--issuer", "https://company.example", "--subject", "u-1"};
    private MailServer mails;
    private RunningServer server;
    private AdminClient owner;

    @BeforeEach
    void start() {
        mails = new MailServer();
        server = RunningServer.start(new JsonObject().put("mail", new JsonObject().put("host", "localhost").put("port", mails.port())
            .put("security", "none").put("from", "gatehouse@example.com")));
        // A command has the clock of the machine.
        server.clock().advance(Duration.ofMillis(System.currentTimeMillis() - server.clock().millis()).plusMinutes(1));
        AdminClient.register(server);
        owner = AdminClient.of(server, Role.OWNER);
    }

    @AfterEach
    void stop() {
        server.close();
        mails.close();
    }

    @Test
    void eachChangeOnTheCommandLineIsNoticedAndARefusedOneIsNot() {
        assertThat(command("short\n", "password", "alice").exitCode()).isEqualTo(1);
        assertThat(command("", "remove-factor", "alice").output()).contains("Nothing was changed");
        assertThat(command("", "unlock", "alice").output()).contains("Nothing was changed");
        assertThat(command("", "unlink", IDENTITY[0], IDENTITY[1], IDENTITY[2], IDENTITY[3]).exitCode()).isEqualTo(1);
        addFactor();
        lock();
        succeed(NEW + "\n", "password", "alice");
        succeed("", "remove-factor", "alice");
        succeed("", "unlock", "alice");
        succeed("", "link", "alice", IDENTITY[0], IDENTITY[1], IDENTITY[2], IDENTITY[3]);
        succeed("", "unlink", IDENTITY[0], IDENTITY[1], IDENTITY[2], IDENTITY[3]);
        succeed("", "disable", "alice");
        succeed("", "enable", "alice");
        List<Received> received = mails.await(7);
        assertThat(received).extracting(AdministratorNoticeTest::subject).containsExactlyInAnyOrder("Your password was changed", "Your second factor was removed",
            "Your account was unlocked", "A sign-in service was linked to your account", "A sign-in service was unlinked from your account",
            "Your account was disabled", "Your account was enabled");
        requireOfAdministrator(received);
    }

    @Test
    void eachChangeByTheApiIsNoticedAndARefusedOneIsNot() {
        String user = "/users/" + RunningServer.SUB;
        assertThat(owner.change("PATCH", user, new JsonObject().put("password", "short")).status()).isEqualTo(422);
        JsonObject identity = new JsonObject().put("issuer", IDENTITY[1]).put("subject", IDENTITY[3]);
        AdminClient auditor = AdminClient.of(server, Role.AUDITOR);
        assertThat(auditor.change("PATCH", user, new JsonObject().put("password", NEW)).status()).isEqualTo(403);
        assertThat(auditor.send("POST", user + "/identities", identity).status()).isEqualTo(403);
        assertThat(owner.send("POST", user + "/unlock", null).status()).as("no lock").isEqualTo(204);
        assertThat(owner.change("PATCH", user, new JsonObject().put("name", "Alice A.")).status()).as("no way in").isEqualTo(200);
        lock();
        assertThat(owner.send("POST", user + "/unlock", null).status()).isEqualTo(204);
        assertThat(owner.change("PATCH", user, new JsonObject().put("password", NEW).put("disabled", true)).status()).isEqualTo(200);
        assertThat(owner.change("PATCH", user, new JsonObject().put("disabled", false)).status()).isEqualTo(200);
        Answer linked = owner.send("POST", user + "/identities", identity);
        assertThat(linked.status()).isEqualTo(201);
        assertThat(owner.send("DELETE", user + "/identities/" + linked.json().getString("identity_id"), null).status()).isEqualTo(204);
        assertThat(owner.change("PATCH", user, new JsonObject().put("email", "other@example.com")).status()).isEqualTo(200);
        List<Received> received = mails.await(7);
        assertThat(received).extracting(AdministratorNoticeTest::subject).containsExactlyInAnyOrder("Your account was unlocked", "Your password was changed",
            "Your account was disabled", "Your account was enabled", "A sign-in service was linked to your account",
            "A sign-in service was unlinked from your account", "Your email address was changed");
        requireOfAdministrator(received);
        assertThat(owner.change("DELETE", user, null).status()).isEqualTo(204);
        Received last = mails.await(8).get(7);
        assertThat(last.to()).as("the new address").isEqualTo("other@example.com");
        assertThat(subject(last)).isEqualTo("Your account was deleted");
    }

    private static void requireOfAdministrator(List<Received> received) {
        assertThat(received).allSatisfy(mail -> {
            assertThat(mail.to()).isEqualTo("alice@example.com");
            assertThat(mail.text()).contains("An administrator has changed the account alice").doesNotContain(NEW);
        });
    }

    private void addFactor() {
        Waiting.on(server.database().write(statements -> statements.update(
            "INSERT INTO totp_secret (sub, sealed, last_step, created_at) VALUES ($1, $2, 1, 1)", RunningServer.SUB, new byte[] {1})));
    }

    private void lock() {
        Waiting.on(new LoginFailureStore(server.database()).recordFailure(List.of(new Limit("account:" + SecretToken.hash("alice"), 1)),
            new Rule(600_000, 60_000, 60_000), server.clock().millis()));
    }

    private void succeed(String input, String... arguments) {
        CommandRun run = command(input, arguments);
        assertThat(run.exitCode()).as(run.errors()).isZero();
    }

    private CommandRun command(String input, String... arguments) {
        return CommandRun.withInput(server, input, new UserCommand(), arguments);
    }

    private static String subject(Received mail) {
        return mail.text().replaceAll("(?s).*\\nSubject: ([^\\n]*)\\n.*", "$1");
    }
}
