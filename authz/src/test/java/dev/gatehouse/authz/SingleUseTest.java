package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.admin.AdminClient;
import dev.gatehouse.authz.admin.AdminOptions;
import dev.gatehouse.authz.client.registration.RegistrationStore;
import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.authz.support.MailServer;
import dev.gatehouse.authz.support.MailServer.Received;
import dev.gatehouse.authz.support.Requests;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.support.SoftAuthenticator;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Values of pages and of administration that count once. Each goes to 50 callers at once, at two servers over one PostgreSQL database. The
 * property {@code gatehouse.rounds} is the number of values of each kind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SingleUseTest {

    private static final int CALLERS = 50;
    private static final int PENDING = 10;
    private static final int ROUNDS = Integer.getInteger("gatehouse.rounds", 2);
    private static final String PASSWORD = "correct horse";

    private MailServer mails;
    private FrontServer first;
    private RunningServer second;
    private String password = PASSWORD;

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
        mails = new MailServer();
        JsonObject configuration = new JsonObject().put("store", new JsonObject().put("url", Postgres.shared().createDatabase()))
            .put("registration", new JsonObject().put("dynamic", new JsonObject().put("initialAccessTokenRequired", true)))
            // Otherwise the failures of the others lock the account before the winner has its answer.
            .put("login", new JsonObject().put("failuresPerAccount", 1_000).put("failuresPerSource", 1_000))
            .put("mail", new JsonObject().put("host", "localhost").put("port", mails.port()).put("security", "none").put("from", "gatehouse@example.com"));
        first = new FrontServer(configuration.copy());
        second = RunningServer.start(first.running().directory(), configuration.put("issuer", first.issuer()), 1);
        AdminClient.register(first.running());
        Waiting.on(first.running().database().write(statements -> statements.update("UPDATE user_account SET email = 'anna@example.com' WHERE username = 'anna'")));
    }

    @AfterAll
    void stop() {
        if (mails != null) {
            second.close();
            first.close();
            mails.close();
        }
    }

    @Test
    void oneOfManyCopiesOfAConsentFormYieldsACode() {
        everyRound(round -> {
            Browser browser = first.browser();
            Page consent = logIn(browser, authorize("prompt", "consent"));
            assertOne("redirects with a code", codes(atOnce((node, caller) -> form(node, browser, consent, "decision", "approve"))));
        });
    }

    @Test
    void oneOfManyLoginsOfAPushedRequestYieldsACode() {
        everyRound(round -> {
            Browser browser = first.browser();
            logIn(browser, "/account");
            Map<String, String> request = Requests.query(authorize("client_id", "public", "prompt", "consent"));
            String[] form = request.entrySet().stream().flatMap(field -> List.of(field.getKey(), field.getValue()).stream()).toArray(String[]::new);
            String uri = first.running().post("/oauth/par", form).json().getString("request_uri");
            List<Page> consents = IntStream.range(0, CALLERS).mapToObj(i -> browser.open("/oauth/authorize?client_id=public&request_uri=" + uri)).toList();
            assertOne("redirects with a code", codes(atOnce((node, caller) -> form(node, browser, consents.get(caller), "decision", "approve"))));
        });
    }

    @Test
    void initialAccessTokenForOneRegistrationRegistersOneClient() {
        everyRound(round -> {
            String token = SecretToken.generate("ghi_");
            long now = first.clock().millis();
            Waiting.on(new RegistrationStore(first.running().database()).allow(SecretToken.hash(token), 1, now, now + 60_000));
            List<HttpResponse<String>> answers = atOnce((node, caller) -> node.request("/oauth/register", "Bearer " + token).header("Content-Type", Http.JSON)
                .POST(BodyPublishers.ofString(new JsonObject().put("client_name", "App " + caller)
                    .put("redirect_uris", new JsonArray().add("http://127.0.0.1:" + (2_000 + caller) + "/callback")).encode())));
            assertThat(statuses(answers)).containsOnly(201, 401);
            assertOne("registrations", answers.stream().filter(answer -> answer.statusCode() == 201).count());
        });
    }

    @Test
    void codeOfTheAppAndRecoveryCodeCountOnce() {
        Browser owner = first.browser();
        logIn(owner, "/account");
        Page enrolment = owner.get("/account/factor");
        Authenticator app = Authenticator.of(enrolment, first.clock());
        List<String> recovery = new ArrayList<>(owner.send(enrolment, "code", app.code(), "current", password).document().select(".recovery code").eachText());
        try {
            everyRound(round -> {
                assertOne("logins with a code of the app", logins(app.code()));
                pass(Duration.ofHours(1));
                assertOne("logins with a recovery code", logins(recovery.remove(0)));
                if (recovery.size() == 1) {
                    recovery.addAll(newCodes(recovery.remove(0)));
                }
            });
        } finally {
            Waiting.on(first.running().database().write(statements -> statements.update("DELETE FROM totp_secret")
                .compose(removed -> statements.update("DELETE FROM recovery_code"))));
        }
    }

    private long logins(String code) {
        List<Browser> browsers = IntStream.range(0, PENDING).mapToObj(i -> first.browser()).toList();
        List<Page> asked = browsers.stream().map(browser -> logIn(browser, authorize())).toList();
        return atOnce((node, caller) -> form(node, browsers.get(caller % PENDING), asked.get(caller % PENDING), "code", code)).stream()
            .filter(answer -> answer.statusCode() == 303).count();
    }

    /** Spends one recovery code for new ones. */
    private List<String> newCodes(String code) {
        Browser browser = first.browser();
        browser.follow(browser.send(logIn(browser, "/account"), "code", code));
        return browser.send(browser.get("/account/factor"), "act", "codes", "current", password).document().select(".recovery code").eachText();
    }

    @Test
    void answerOfAPasskeyCountsOnce() {
        Browser owner = first.browser();
        logIn(owner, "/account");
        SoftAuthenticator key = new SoftAuthenticator(first.issuer());
        Page page = owner.get("/account/passkeys");
        owner.send(page, "passkey", key.create(page), "name", "My key", "current", password);
        try {
            everyRound(round -> {
                Browser browser = first.browser();
                Page asked = browser.send(browser.get(authorize()), "username", null, "password", null, "passkey", "start");
                String answer = key.get(asked);
                assertOne("logins", atOnce((node, caller) -> form(node, browser, asked, "passkey", answer)).stream()
                    .filter(response -> response.statusCode() == 303).count());
            });
        } finally {
            Waiting.on(first.running().database().write(statements -> statements.update("DELETE FROM passkey")
                .compose(removed -> statements.update("DELETE FROM recovery_code"))));
        }
    }

    @Test
    void linkOfAMailSetsOnePassword() {
        everyRound(round -> {
            Browser browser = first.browser();
            browser.send(browser.get("/account/reset"), "name", "anna");
            Page link = browser.get(resetLink(round));
            String chosen = "purple monkey dishwasher " + round + " ";
            List<HttpResponse<String>> answers = atOnce((node, caller) -> form(node, browser, link, "new", chosen + caller, "repeated", chosen + caller));
            assertOne("new passwords", answers.stream().filter(answer -> answer.body().contains("Your password has changed")).count());
            List<Integer> winner = IntStream.range(0, CALLERS).filter(caller -> answers.get(caller).statusCode() == 200).boxed().toList();
            assertThat(winner).hasSize(1);
            password = chosen + winner.get(0);
            assertThat(logIn(first.browser(), authorize()).isConsent()).as("the password of the winner").isTrue();
        });
    }

    /** The link of the newest mail, when there is one for each round until this one. */
    private String resetLink(int round) {
        Eventually.holds("the mail has arrived", Duration.ofSeconds(20), () -> resetMails().size() > round);
        return resetMails().get(round).link();
    }

    private List<Received> resetMails() {
        return mails.received().stream().filter(mail -> mail.text().contains("/account/reset?")).toList();
    }

    @Test
    void oneIdempotencyKeyCreatesOneObject() {
        everyRound(round -> {
            AdminClient admin = AdminClient.named(first.running(), "operator-" + round, Role.OPERATOR);
            JsonObject user = new JsonObject().put("username", "made-" + round).put("email", "made-" + round + "@example.com");
            List<HttpResponse<String>> answers = atOnce((node, caller) -> node.request(AdminOptions.PATH + "/users", "Bearer " + admin.token())
                .header("Content-Type", Http.JSON).header("Idempotency-Key", "key-" + round).POST(BodyPublishers.ofString(user.encode())));
            assertThat(statuses(answers)).contains(201).isSubsetOf(201, 409);
            assertOne("first answers", answers.stream().filter(answer -> answer.statusCode() == 201 && answer.headers().firstValue("Idempotency-Replayed").isEmpty()).count());
            assertThat(answers.stream().filter(answer -> answer.statusCode() == 201).map(HttpResponse::body).distinct()).hasSize(1);
            assertThat(first.rows("SELECT sub FROM user_account WHERE username = 'made-" + round + "'")).hasSize(1);
        });
    }

    private interface Round {
        void run(int round);
    }

    private void everyRound(Round round) {
        for (int i = 0; i < ROUNDS; i++) {
            pass(Duration.ofHours(1));
            round.run(i);
        }
    }

    /** Also ends what throttles have counted. */
    private void pass(Duration duration) {
        first.clock().advance(duration);
        second.clock().advance(duration);
    }

    private Page logIn(Browser browser, String url) {
        return browser.follow(browser.send(browser.get(url), "username", "anna", "password", password));
    }

    /** Sends the first form of a page with changed fields, as the browser that shows the page would send it to this node. */
    private static HttpRequest.Builder form(RunningServer node, Browser browser, Page page, String... changes) {
        Map<String, String> fields = page.fields();
        for (int i = 0; i < changes.length; i += 2) {
            fields.put(changes[i], changes[i + 1]);
        }
        return node.request(page.uri().resolve(page.form().action()).getPath(), null).header("Cookie", browser.cookieHeader()).header("Origin", "null")
            .header("Sec-Fetch-Site", "same-origin").header("Content-Type", Http.FORM).POST(BodyPublishers.ofString(Requests.encode(fields)));
    }

    private List<HttpResponse<String>> atOnce(BiFunction<RunningServer, Integer, HttpRequest.Builder> request) {
        List<HttpRequest> requests = IntStream.range(0, CALLERS).mapToObj(caller -> request.apply(caller % 2 == 0 ? first.running() : second, caller).build()).toList();
        List<CompletableFuture<HttpResponse<String>>> sent = requests.stream().map(each -> Http.CLIENT.sendAsync(each, BodyHandlers.ofString())).toList();
        List<HttpResponse<String>> answers = sent.stream().map(CompletableFuture::join).toList();
        assertThat(statuses(answers)).allMatch(status -> status < 500);
        return answers;
    }

    private static List<Integer> statuses(List<HttpResponse<String>> answers) {
        return answers.stream().map(HttpResponse::statusCode).toList();
    }

    private static long codes(List<HttpResponse<String>> answers) {
        return answers.stream().filter(answer -> answer.headers().firstValue("Location").filter(target -> target.contains("code=")).isPresent()).count();
    }

    private static void assertOne(String what, long count) {
        assertThat(count).as(what).isEqualTo(1);
    }
}
