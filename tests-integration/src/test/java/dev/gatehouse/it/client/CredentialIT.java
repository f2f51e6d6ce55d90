package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.http.HttpAnswer;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.Login;
import dev.gatehouse.client.oauth.MemoryCredentials;
import dev.gatehouse.client.oauth.OAuthAuthorizer;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.client.oauth.UserInteraction;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Devices;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Credentials of the client at the product's servers, from the login to the logout. */
@Gatehouse
final class CredentialIT {

    private final RunningGatehouse gatehouse;
    private final MemoryCredentials store = new MemoryCredentials();
    private Vertx vertx;
    private HttpCaller http;

    CredentialIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        http = new HttpCaller(vertx);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private Login.Surroundings surroundings(Clock clock) {
        return new Login.Surroundings(vertx, http, clock, store, new Person(), lookup -> { });
    }

    private Login login(OAuthOptions options) {
        return new Login(surroundings(Clock.systemUTC()), URI.create(gatehouse.mcp()), options);
    }

    @Test
    void concurrentRefreshesOfOneCredentialAreOne() {
        Login login = login(OAuthOptions.DISCOVERED);
        Credential first = login.run(Optional.empty(), null).await();
        List<Credential> renewed = List.of(login.refresh(first), login.refresh(first), login(OAuthOptions.DISCOVERED).refresh(first)).stream()
            .map(each -> each.await()).toList();
        assertThat(renewed).extracting(each -> each.tokens().accessToken()).containsOnly(renewed.get(0).tokens().accessToken());
        assertThat(renewed.get(0).tokens().accessToken()).isNotEqualTo(first.tokens().accessToken());
        assertThat(gatehouse.active(renewed.get(0).tokens().accessToken())).isTrue();
    }

    @Test
    void aTokenIsRefreshedBeforeItExpiresAndNotEarlier() {
        Credential first = login(OAuthOptions.of(new JsonObject().put("dpop", false))).run(Optional.empty(), null).await();
        assertThat(sent(surroundings(Clock.systemUTC()), gatehouse.mcp())).isEqualTo("Bearer " + first.tokens().accessToken());
        Clock later = Clock.offset(Clock.systemUTC(), Duration.between(Clock.systemUTC().instant(), first.tokens().expiresAt()).minusSeconds(10));
        assertThat(sent(surroundings(later), gatehouse.mcp())).startsWith("Bearer ").isNotEqualTo("Bearer " + first.tokens().accessToken());
    }

    @Test
    void aTokenGoesToNoOtherOrigin() {
        login(OAuthOptions.DISCOVERED).run(Optional.empty(), null).await();
        assertThat(sent(surroundings(Clock.systemUTC()), gatehouse.mcp())).startsWith("DPoP ");
        assertThat(sent(surroundings(Clock.systemUTC()), gatehouse.issuer() + "/mcp")).isNull();
        assertThat(sent(surroundings(Clock.systemUTC()), "https://mcp.example.com/mcp")).isNull();
    }

    @Test
    void aConfiguredClientDoesNotUseTheLoginOfAnother() {
        Credential credential = login(OAuthOptions.DISCOVERED).run(Optional.empty(), null).await();
        JsonObject same = new JsonObject().put("client_id", credential.client().id()).put("issuer", gatehouse.issuer());
        assertThat(sent(OAuthOptions.of(same))).startsWith("DPoP ");
        assertThat(sent(OAuthOptions.of(same.copy().put("client_id", "another-client")))).isNull();
        assertThat(sent(OAuthOptions.of(same.copy().put("issuer", "https://auth.example.com")))).isNull();
        assertThat(login(OAuthOptions.of(new JsonObject().put("client_id", "another-client"))).logOut().await()).isFalse();
        assertThat(gatehouse.active(credential.tokens().accessToken())).isTrue();
    }

    private String sent(OAuthOptions options) {
        return sent(surroundings(Clock.systemUTC()), gatehouse.mcp(), options);
    }

    private String sent(Login.Surroundings surroundings, String url) {
        return sent(surroundings, url, OAuthOptions.DISCOVERED);
    }

    private String sent(Login.Surroundings surroundings, String url, OAuthOptions options) {
        OAuthAuthorizer authorizer = new OAuthAuthorizer(surroundings, URI.create(gatehouse.mcp()), options);
        return authorizer.authorize(HttpCall.get(URI.create(url), "*/*")).await().headers().get("Authorization");
    }

    @Test
    void aDeviceGetsItsTokenAfterAPersonHasEnteredTheCode() {
        Devices devices = new Devices(gatehouse);
        Login login = login(OAuthOptions.of(new JsonObject().put("grant", "device_code").put("client_id", devices.clientId())));
        Credential credential = login.run(Optional.empty(), null).await();
        assertThat(gatehouse.active(credential.tokens().accessToken())).isTrue();
    }

    @Test
    void aTokenThatIsBoundToAKeyIsTakenWithAProofAndNotWithout() {
        Login login = login(OAuthOptions.of(new JsonObject().put("dpop", true)));
        Credential credential = login.run(Optional.empty(), null).await();
        assertThat(credential.tokens().isDpop()).isTrue();
        OAuthAuthorizer authorizer = new OAuthAuthorizer(surroundings(Clock.systemUTC()), URI.create(gatehouse.mcp()), OAuthOptions.DISCOVERED);
        HttpCall call = HttpCall.postJson(URI.create(gatehouse.mcp()), new JsonObject());
        HttpCall first = authorizer.authorize(call).await();
        HttpAnswer challenge = http.call(first).await();
        // A server that has run for a while knows every proof of its window and asks for no nonce.
        boolean retries = authorizer.answered(first, challenge.status(), challenge.headers(), 0).await();
        assertThat(retries).as("the client takes the nonce of a server that asks for one").isEqualTo(challenge.status() == 401);
        HttpAnswer proven = retries ? http.call(authorizer.authorize(call).await()).await() : challenge;
        HttpAnswer stolen = http.call(call.with("Authorization", "Bearer " + credential.tokens().accessToken())).await();
        assertThat(proven.status()).isNotEqualTo(401);
        assertThat(stolen.status()).isEqualTo(401);
    }

    @Test
    void aLogoutForgetsAndRevokes() {
        Login login = login(OAuthOptions.DISCOVERED);
        String token = login.run(Optional.empty(), null).await().tokens().accessToken();
        assertThat(gatehouse.active(token)).isTrue();
        assertThat(login.logOut().await()).isTrue();
        assertThat(gatehouse.active(token)).isFalse();
        assertThat(store.find(gatehouse.mcp(), any -> true).await()).isEmpty();
        assertThat(login.logOut().await()).isFalse();
    }

    @Test
    void theStoredFormIsWholeAndTheTextFormShowsNoSecret() {
        Credential credential = login(OAuthOptions.of(new JsonObject().put("dpop", true))).run(Optional.empty(), null).await();
        assertThat(Credential.fromJson(new JsonObject(credential.toJson().encode())).toJson()).isEqualTo(credential.toJson());
        assertThat(List.of(credential.toString(), credential.tokens().toString(), credential.client().toString(), credential.dpop().toString()))
            .allSatisfy(text -> assertThat(text).doesNotContain(credential.tokens().accessToken()).doesNotContain(credential.tokens().refreshToken()));
    }

    /** A person who allows what is shown. */
    private final class Person implements UserInteraction {

        @Override
        public Future<Void> open(LoginRequest request) {
            return vertx.executeBlocking(() -> Http.get(gatehouse.journey().allow(request.url().toString()).toString()), false).mapEmpty();
        }

        @Override
        public Future<Void> show(DeviceCode code) {
            return vertx.executeBlocking(() -> {
                new Devices(gatehouse).answer(code.completeUri().toString(), "allow");
                return null;
            }, false);
        }
    }
}
