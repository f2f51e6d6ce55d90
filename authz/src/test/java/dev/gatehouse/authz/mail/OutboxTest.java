package dev.gatehouse.authz.mail;

import dev.gatehouse.authz.mail.MailOptions.Security;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.MailServer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.MasterKey;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Mails reach the mail server once, also if it is down, if a process crashes, and with several nodes. */
final class OutboxTest extends BrowserTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String NEW = "purple monkey dishwasher";
    private static final Vertx VERTX = Vertx.vertx();
    private final int port = Ports.free();
    @TempDir
    private Path directory;

    @AfterAll
    static void closeVertx() {
        Waiting.on(VERTX.close());
    }

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("mail", new JsonObject().put("host", "localhost").put("port", port).put("security", "none").put("from", "gatehouse@example.com"));
    }

    private MailServer mailServer() {
        return new MailServer(SMTPServer.port(port), (from, to) -> !to.startsWith("nobody"));
    }

    private void address(String email) {
        Waiting.on(server.running().database().write(statements -> statements.update("UPDATE user_account SET email = $1 WHERE username = 'anna'", email)));
    }

    private void changePassword() {
        Browser browser = loggedIn();
        assertThat(browser.send(browser.get("/account/password"), "current", "correct horse", "new", NEW, "repeated", NEW).status()).isEqualTo(303);
    }

    private long waiting(String where) {
        return server.rows("SELECT COUNT(*) AS n FROM outgoing_mail WHERE " + where).get(0).number("n");
    }

    @Test
    void mailIsSentOnceWhenTheMailServerIsBackAlsoAfterARestart() {
        address("anna@example.com");
        changePassword();
        Eventually.holds("the first attempt has failed", LIMIT, () -> waiting("attempts = 1 AND next_at = " + (server.clock().millis() + 30_000)) == 1);
        server.restart(new JsonObject());
        try (MailServer mails = mailServer()) {
            server.clock().advance(Duration.ofSeconds(31));
            assertThat(mails.await(1).get(0).text()).contains("Your password was changed");
            Eventually.holds("the mail is done", LIMIT, () -> waiting("1 = 1") == 0);
            assertThat(mails.received()).hasSize(1);
        }
    }

    @Test
    void mailboxThatDoesNotExistGetsOneAttempt() {
        address("nobody@example.com");
        try (MailServer mails = mailServer()) {
            changePassword();
            Eventually.holds("the mail is given up", LIMIT, () -> waiting("1 = 1") == 0);
            assertThat(mails.received()).isEmpty();
        }
    }

    @Test
    void linkThatHasExpiredIsNotSentAndTheContentIsSealed() {
        address("anna@example.com");
        Browser browser = server.browser();
        browser.send(browser.get("/account/reset"), "name", "anna");
        Eventually.holds("the first attempt has failed", LIMIT, () -> waiting("attempts = 1 AND next_at = " + (server.clock().millis() + 30_000)) == 1);
        assertThat(server.dump()).doesNotContain("anna@example.com has", "Set a new password", "/account/reset?token");
        server.clock().advance(Duration.ofMinutes(30));
        try (MailServer mails = mailServer()) {
            Eventually.holds("the mail is given up", LIMIT, () -> waiting("1 = 1") == 0);
            assertThat(mails.received()).isEmpty();
        }
    }

    @Test
    void attemptOfAProcessThatCrashedIsRepeatedAfterItsTime() {
        OutboxStore store = new OutboxStore(server.running().database(), key());
        long now = server.clock().millis();
        Waiting.on(store.add(mail("late@example.com"), now));
        assertThat(Waiting.on(store.claim(now, now + 600_000))).isPresent();
        assertThat(Waiting.on(store.claim(now + 599_999, now + 999_999))).as("another node").isEmpty();
        assertThat(Waiting.on(store.claim(now + 600_000, now + 999_999)).orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void twoNodesSendEachMailOnce() {
        OutboxStore store = new OutboxStore(server.running().database(), key());
        try (MailServer mails = mailServer()) {
            List<Outbox> nodes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                nodes.add(Waiting.on(Outbox.start(VERTX, options(Security.NONE, null), store, Path::of, null, server.clock())));
            }
            for (int i = 0; i < 40; i++) {
                Waiting.on(nodes.get(i % 2).add(mail("person" + i + "@example.com")));
            }
            mails.await(40);
            Eventually.holds("all mails are done", LIMIT, () -> waiting("1 = 1") == 0);
            nodes.forEach(node -> Waiting.on(node.stop()));
            assertThat(mails.received().stream().map(MailServer.Received::to).collect(Collectors.toSet())).hasSize(40);
            assertThat(mails.received()).hasSize(40);
            Set<String> ids = mails.received().stream().map(mail -> mail.text().replaceAll("(?s).*Message-ID: (<[^>]*>).*", "$1")).collect(Collectors.toSet());
            assertThat(ids).hasSize(40).allMatch(id -> id.endsWith("@example.com>"));
        }
    }

    @Test
    void startTlsAndALoginProtectTheWayToTheMailServer() throws IOException {
        Certificates certificates = new Certificates(directory).authority("ca", "CN=Test authority").signed("mail", "CN=localhost", "ca", Certificates.of("localhost"));
        Files.writeString(directory.resolve("right"), "let me in\n");
        Files.writeString(directory.resolve("wrong"), "let me out\n");
        SMTPServer.Builder settings = SMTPServer.port(port).requireTLS().requireAuth().startTlsSocketFactory(certificates.context("mail", "ca"))
            .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                if (!user.equals("gatehouse") || !password.equals("let me in")) {
                    throw new LoginFailedException();
                }
            }));
        try (MailServer mails = new MailServer(settings, (from, to) -> true)) {
            assertThat(attempt(Security.STARTTLS, "right", certificates.certificateFile("ca"))).isTrue();
            assertThat(mails.await(1).get(0).to()).isEqualTo("tls@example.com");
            assertThat(attempt(Security.STARTTLS, "wrong", certificates.certificateFile("ca"))).as("a wrong password").isFalse();
            assertThat(attempt(Security.STARTTLS, "right", null)).as("a certificate of an unknown authority").isFalse();
            assertThat(attempt(Security.NONE, "right", null)).as("without TLS").isFalse();
            assertThat(mails.received()).hasSize(1);
        }
        try (MailServer plain = mailServer()) {
            assertThat(attempt(Security.STARTTLS, "right", certificates.certificateFile("ca"))).as("a server without STARTTLS, as an attacker on the way shows it").isFalse();
            assertThat(plain.received()).isEmpty();
        }
    }

    private boolean attempt(Security security, String passwordFile, Path trustFile) {
        Mailer mailer = Waiting.on(Mailer.open(VERTX, options(security, passwordFile), directory::resolve, trustFile));
        boolean sent = Waiting.on(mailer.send(mail("tls@example.com"), "id").map(true).otherwise(false));
        Waiting.on(mailer.close());
        return sent;
    }

    private MailOptions options(Security security, String passwordFile) {
        return new MailOptions("localhost", port, security, passwordFile == null ? null : "gatehouse", passwordFile, "gatehouse@example.com");
    }

    private static MasterKey key() {
        return new MasterKey(new byte[32]);
    }

    private static Mail mail(String to) {
        return new Mail(to, "A subject", "A text.", Mail.DAY);
    }

    @Test
    void pausesGrowToAnHour() {
        assertThat(List.of(1, 2, 3, 4, 5, 20)).map(Outbox::delayMillis).containsExactly(30_000L, 120_000L, 480_000L, 1_920_000L, 3_600_000L, 3_600_000L);
    }
}
