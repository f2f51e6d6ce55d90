package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.session.LoginFailureStore.Limit;
import dev.gatehouse.authz.session.LoginFailureStore.Rule;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.Argon2id;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class UserCommandTest {

    private static final Argon2id ARGON2ID = new Argon2id(AuthzOptions.of(new JsonObject()).passwordHash());
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void userIsAddedWithThePasswordFromInputAndListed() {
        assertThat(run("p\u00e4ssw\u00f6rd with \u2603\n", "add", "bob", "--email", "bob@example.com", "--name", "Bob").exitCode()).isZero();
        User bob = Waiting.on(server.users().findByUsername("bob")).orElseThrow();
        assertThat(bob.sub()).startsWith("usr_");
        assertThat(bob.email()).isEqualTo("bob@example.com");
        assertThat(bob.passwordHash()).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(ARGON2ID.verify("p\u00e4ssw\u00f6rd with \u2603", bob.passwordHash())).isTrue();
        assertThat(ARGON2ID.verify("p\u00e4ssw\u00f6rd with \u2602", bob.passwordHash())).isFalse();
        assertThat(run("", "list").output()).contains("bob", "bob@example.com", "never", "testuser").doesNotContain("argon2");
    }

    @Test
    void byteOrderMarkBeforeThePasswordIsIgnored() {
        assertThat(run("\uFEFFcorrect \uFEFF horse\n", "add", "marked").exitCode()).isZero();
        String stored = Waiting.on(server.users().findByUsername("marked")).orElseThrow().passwordHash();
        assertThat(ARGON2ID.verify("correct \uFEFF horse", stored)).isTrue();
        assertThat(ARGON2ID.verify("\uFEFFcorrect \uFEFF horse", stored)).isFalse();
    }

    @Test
    void identityOfAnIssuerIsLinkedListedAndUnlinked() {
        String[] identity = {"--issuer", "https://company.example", "--subject", "u-1", "--tenant", "acme"};
        assertThat(run("", with(identity, "link", "testuser")).output()).contains("linked to u-1 of https://company.example");
        assertThat(run("", "links", "testuser").output()).contains("https://company.example", "acme", "u-1");
        assertThat(run("", with(identity, "link", "alice")).errors()).contains("already linked to a user").contains("Nothing was changed");
        assertThat(run("", "link", "testuser", "--issuer", "https://company.example", "--subject", "u-2", "--tenant", "acme").errors())
            .contains("another identity");
        assertThat(run("", with(identity, "link", "nobody")).errors()).contains("no user nobody");
        assertThat(run("", "link", "testuser", "--subject", "u-2").exitCode()).isEqualTo(2);
        assertThat(run("", with(identity, "unlink")).exitCode()).isZero();
        assertThat(run("", with(identity, "unlink")).errors()).contains("No user is linked");
        assertThat(run("", "links", "testuser").output()).doesNotContain("u-1");
    }

    @Test
    void lostSecondFactorIsRemoved() {
        Waiting.on(server.database().write(statements -> statements.update(
            "INSERT INTO totp_secret (sub, sealed, last_step, created_at) SELECT sub, $1, 1, 1 FROM user_account WHERE username = 'testuser'", new byte[] {1})));
        assertThat(run("", "remove-factor", "nobody").errors()).contains("no user nobody");
        assertThat(Waiting.on(server.database().read("SELECT * FROM totp_secret"))).hasSize(1);
        assertThat(run("", "remove-factor", "testuser").output()).contains("Second factor of testuser removed.");
        assertThat(Waiting.on(server.database().read("SELECT * FROM totp_secret"))).isEmpty();
        assertThat(run("", "remove-factor", "testuser").output()).contains("has no second factor");
    }

    private static String[] with(String[] more, String... first) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void takenNameShortPasswordAndBlankNameAreRefused() {
        String before = Waiting.on(server.users().findByUsername("testuser")).orElseThrow().passwordHash();
        assertThat(run("another password\n", "add", "testuser").errors()).contains("already");
        assertThat(run("short\n", "password", "testuser").errors()).contains("at least 8");
        assertThat(run("x".repeat(129) + "\n", "password", "testuser").errors()).contains("at most 128");
        assertThat(run("Password123\n", "password", "testuser").errors()).contains("is common");
        assertThat(run("", "add", "nobody").exitCode()).isEqualTo(1);
        assertThat(run("long enough\n", "add", "no body").exitCode()).isEqualTo(1);
        assertThat(run("long enough\n", "password", "nobody").errors()).contains("no user nobody");
        assertThat(Waiting.on(server.users().findByUsername("testuser")).orElseThrow().passwordHash()).isEqualTo(before);
    }

    @Test
    void anAdministratorUnlocksALockedAccountInEveryBrowser() {
        long now = server.clock().millis();
        LoginFailureStore failures = new LoginFailureStore(server.database());
        String account = "account:" + SecretToken.hash("testuser");
        List<Limit> limits = List.of(new Limit(account, 1), new Limit(account + "@browser", 1));
        List<Limit> others = List.of(new Limit("account:" + SecretToken.hash("alice"), 1), new Limit("source:192.0.2.1", 1));
        Rule rule = new Rule(600_000, 60_000, 60_000);
        Waiting.on(failures.recordFailure(limits, rule, now));
        Waiting.on(failures.recordFailure(others, rule, now));
        assertThat(Waiting.on(failures.lockedUntil(limits, now))).isPositive();
        assertThat(run("", "unlock", "nobody").errors()).contains("no user nobody");
        assertThat(run("", "unlock", "testuser").output()).contains("unlocked");
        assertThat(Waiting.on(failures.lockedUntil(limits, now))).isZero();
        assertThat(Waiting.on(failures.lockedUntil(others.subList(0, 1), now))).as("another account").isPositive();
        assertThat(Waiting.on(failures.lockedUntil(others.subList(1, 2), now))).as("the address").isPositive();
        assertThat(run("", "unlock", "testuser").output()).contains("Nothing was changed");
    }

    @Test
    void disablingAndNewPasswordsEndTheTokensOfARunningServer() {
        String token = login();
        assertThat(server.isActive(token)).isTrue();
        assertThat(run("", "disable", "alice").exitCode()).isZero();
        Eventually.holds(() -> !server.isActive(token));
        assertThat(run("", "list").output()).contains("disabled");
        assertThat(run("", "enable", "alice").exitCode()).isZero();
        assertThat(server.isActive(token)).isFalse();
        String next = login();
        assertThat(server.isActive(next)).isTrue();
        assertThat(run("a new password\n", "password", "alice").exitCode()).isZero();
        Eventually.holds(() -> !server.isActive(next));
    }

    private static String login() {
        Approval approval = server.approve("app");
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json().getString("access_token");
    }

    private static CommandRun run(String input, String... arguments) {
        return CommandRun.withInput(server, input, new UserCommand(), arguments);
    }

    @Test
    void roleIsGivenChangedAndTakenAway() {
        RoleStore roles = new RoleStore(server.database());
        assertThat(run("", "role", "alice", "operator").output()).contains("User alice has the role operator.");
        assertThat(Waiting.on(roles.of(RunningServer.SUB))).contains(Role.OPERATOR);
        assertThat(run("", "role", "alice", "help-desk").exitCode()).isZero();
        assertThat(Waiting.on(roles.of(RunningServer.SUB))).contains(Role.HELP_DESK);
        assertThat(run("", "role", "alice", "king").exitCode()).isEqualTo(1);
        assertThat(run("", "role", "unknown", "owner").exitCode()).isEqualTo(1);
        assertThat(Waiting.on(roles.of(RunningServer.SUB))).contains(Role.HELP_DESK);
        assertThat(run("", "role", "alice", "none").output()).contains("no administrative role");
        assertThat(Waiting.on(roles.of(RunningServer.SUB))).isEmpty();
    }
}
