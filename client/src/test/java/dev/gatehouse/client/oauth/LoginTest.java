package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A sign-in whose answer comes by the browser. */
final class LoginTest {

    private static final JsonObject CLIENT = new JsonObject().put("client_id", "public");
    private final MemoryCredentials store = new MemoryCredentials();
    private final List<URI> opened = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private HttpCaller http;
    private OAuthServers servers;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        http = new HttpCaller(vertx);
        servers = new OAuthServers(vertx);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void aSignInThatIsNeverAnsweredEndsInTimeAndSaysWhatToDo() {
        Login login = login(request -> Future.succeededFuture(), Duration.ofMillis(200));
        assertThatThrownBy(() -> login.run(Optional.empty(), null).await()).isInstanceOfSatisfying(OAuthFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(OAuthFailure.Kind.NO_ANSWER))
            .hasMessageContaining(servers.issuer()).hasMessageContaining("gatehouse login --device");
        assertThat(servers.tokenRequests()).isEmpty();
    }

    @Test
    void anAnswerWithAnotherStateIsExplainedInTheBrowserAndTheRightOneStillCounts() {
        Login login = login(request -> answer(request, "another").compose(page -> {
            assertThat(page).contains("belongs to no sign-in under way");
            return answer(request, request.state());
        }).mapEmpty(), Duration.ofSeconds(20));
        assertThat(login.run(Optional.empty(), null).await().tokens().accessToken()).isEqualTo("token-1");
    }

    @Test
    void severalSignInsAtOneServerOpenOneBrowser() {
        Login first = login(request -> answer(request, request.state()).mapEmpty(), Duration.ofSeconds(20));
        Login second = login(request -> answer(request, request.state()).mapEmpty(), Duration.ofSeconds(20));
        Future<Credential> one = first.runOnce(Optional.empty(), null, null);
        Credential other = second.runOnce(Optional.empty(), null, null).await();
        assertThat(one.await().tokens().accessToken()).isEqualTo(other.tokens().accessToken());
        assertThat(opened).hasSize(1);
        second.runOnce(Optional.empty(), null, other).await();
        assertThat(opened).hasSize(2);
    }

    private Future<String> answer(LoginRequest request, String state) {
        URI callback = URI.create(request.redirectUri() + "?code=c&iss=" + FormParameters.encode(request.server().issuer()) + "&state=" + state);
        return http.call(new HttpCall(HttpMethod.GET, callback, MultiMap.caseInsensitiveMultiMap(), null)).map(page -> page.body().toString());
    }

    private interface Browser {

        Future<Void> open(LoginRequest request);
    }

    private Login login(Browser browser, Duration longestWait) {
        UserInteraction person = request -> {
            opened.add(request.url());
            // The answer comes later: the page is opened first.
            browser.open(request);
            return Future.succeededFuture();
        };
        return new Login(new Login.Surroundings(vertx, http, Clock.systemUTC(), store, person, lookup -> { }), servers.server(),
            OAuthOptions.of(CLIENT), longestWait);
    }
}
