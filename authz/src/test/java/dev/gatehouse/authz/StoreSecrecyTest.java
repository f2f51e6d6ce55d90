package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

@Isolated("collects what the whole process logs")
class StoreSecrecyTest {

    private final List<String> secrets = new ArrayList<>(List.of("s3cret-of-service", "testpass", "mcp-test-secret"));

    @Test
    @DisabledIfEnvironmentVariable(named = "GATEHOUSE_TEST_STORE", matches = "postgresql", disabledReason = "opens the SQLite file")
    void neitherStoreNorLogHoldsACredential() throws IOException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger audit = (Logger) LoggerFactory.getLogger("audit");
        Level rootLevel = root.getLevel();
        Appender<ILoggingEvent> console = root.getAppender("err");
        root.detachAppender(console);
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        audit.setLevel(Level.INFO);
        try (RunningServer server = RunningServer.start()) {
            driveEveryFlow(server);
            assertNoSecret(String.join("\n", filesOf(server.directory())), "store");
        } finally {
            root.detachAppender(log);
            root.addAppender(console);
            root.setLevel(rootLevel);
            audit.setLevel(Level.OFF);
        }
        List<String> lines = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).filteredOn(line -> line.contains("token_issued")).isNotEmpty();
        assertThat(lines).filteredOn(line -> line.contains("refresh_token_reused")).isNotEmpty();
        assertThat(lines).filteredOn(line -> line.contains("code_replayed")).isNotEmpty();
        assertThat(lines).filteredOn(line -> line.contains("client_refused")).isNotEmpty();
        assertNoSecret(String.join("\n", lines), "log");
    }

    private void driveSecondFactor(RunningServer server) {
        Browser browser = Browser.withOpaqueOrigin(server.issuer());
        browser.follow(browser.send(browser.get("/account"), "username", "testuser", "password", "testpass"));
        Page form = browser.get("/account/factor");
        Authenticator app = Authenticator.of(form, server.clock());
        secrets.addAll(List.of(app.secret(), form.fields().get("offer")));
        secrets.addAll(browser.send(form, "code", app.code(), "current", "testpass").document().select(".recovery code").eachText());
        Browser other = Browser.withOpaqueOrigin(server.issuer());
        Page asked = other.follow(other.send(other.get("/account"), "username", "testuser", "password", "testpass"));
        secrets.add(asked.fields().get("login"));
        other.send(asked, "code", "marked-wrong-code");
        other.send(asked, "code", secrets.get(secrets.size() - 2));
        secrets.add("marked-wrong-code");
        secrets.addAll(browser.cookies().values());
        secrets.addAll(other.cookies().values());
    }

    private void driveEveryFlow(RunningServer server) {
        server.add(Clients.publicClient("app"));
        server.add(Clients.basicClient("service", "s3cret-of-service"));
        String service = basic("service", "s3cret-of-service");
        secrets.add(service.substring("Basic ".length()));
        note(server.postAs(service, "/oauth/token", "grant_type", "client_credentials").requireOk().json());
        note(server.postAs(basic("mcp-test-client", "mcp-test-secret"), "/oauth/token", "grant_type", "client_credentials").requireOk().json());
        server.postAs(basic("service", "s3cret-wrong-one"), "/oauth/token", "grant_type", "client_credentials").requireError(401, "invalid_client");
        secrets.add("s3cret-wrong-one");
        Approval approval = server.approve("app");
        secrets.addAll(List.of(approval.code(), approval.verifier()));
        JsonObject first = note(redeem(server, approval).requireOk().json());
        JsonObject second = note(refresh(server, first).requireOk().json());
        note(refresh(server, second).requireOk().json());
        server.post("/oauth/introspect", "token", first.getString("access_token")).requireOk();
        refresh(server, first).requireError(400, "invalid_grant");
        driveSecondFactor(server);
        Approval replayed = server.approve("app");
        secrets.addAll(List.of(replayed.code(), replayed.verifier()));
        note(redeem(server, replayed).requireOk().json());
        redeem(server, replayed).requireError(400, "invalid_grant");
        server.post("/oauth/revoke", "client_id", "app", "token", second.getString("refresh_token")).requireOk();
        server.send(server.request("/oauth/token?client_secret=s3cret-of-query", null)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("grant_type=client_credentials"))).requireError(400, "invalid_request");
        secrets.add("s3cret-of-query");
    }

    private JsonObject note(JsonObject tokens) {
        secrets.add(tokens.getString("access_token"));
        if (tokens.containsKey("refresh_token")) {
            secrets.add(tokens.getString("refresh_token"));
        }
        return tokens;
    }

    private void assertNoSecret(String text, String where) {
        for (String secret : secrets) {
            assertThat(text.contains(secret)).as(where + " holds " + secret).isFalse();
            // A cookie has no prefix, but may have an underscore.
            String body = secret.replaceFirst("^[a-z]{3}_", "");
            assertThat(text.contains(body)).as(where + " holds the random part of " + secret).isFalse();
        }
    }

    private static List<String> filesOf(Path directory) throws IOException {
        List<String> contents = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(contents).hasSizeGreaterThanOrEqualTo(2);
        return contents;
    }

    private static Answer redeem(RunningServer server, Approval approval) {
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier());
    }

    private static Answer refresh(RunningServer server, JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app",
            "refresh_token", tokens.getString("refresh_token"));
    }
}
