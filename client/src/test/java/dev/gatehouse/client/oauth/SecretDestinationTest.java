package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.client.http.HttpCaller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The MCP server is an attacker's, and names the attacker's authorization server. */
final class SecretDestinationTest {

    private Vertx vertx;
    private OAuthServers servers;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        servers = new OAuthServers(vertx);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    static List<JsonObject> secrets() throws Exception {
        JsonObject client = new JsonObject().put("client_id", "job");
        return List.of(client.copy().put("grant", "client_credentials").put("client_secret", "s3cret"),
            client.copy().put("client_secret", "s3cret").put("redirect_uri", OAuthOptions.OUT_OF_BAND),
            client.copy().put("grant", "client_credentials").put("private_key", new ECKeyGenerator(Curve.P_256).generate().toJSONString()),
            client.copy().put("grant", "jwt_bearer").put("assertion", "workload-jwt"));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretGoesToNoServerThatOnlyTheMcpServerNames(JsonObject auth) {
        Login login = login(auth, UserInteraction.NONE);
        assertThatThrownBy(() -> login.run(Optional.empty(), null).await()).isInstanceOf(OAuthFailure.class)
            .hasMessageContaining("Nothing was sent there").hasMessageContaining("add \"issuer\": \"" + servers.issuer() + "\"");
        assertThat(servers.tokenRequests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretGoesToTheServerOfTheConfiguration(JsonObject auth) {
        login(auth.copy().put("issuer", servers.issuer()), new Person(false)).run(Optional.empty(), null).await();
        assertThat(servers.tokenRequests()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretDoesNotGoToAServerOtherThanTheConfigured(JsonObject auth) {
        Login login = login(auth.copy().put("issuer", "https://auth.example.com"), new Person(true));
        assertThatThrownBy(() -> login.run(Optional.empty(), null).await()).hasMessageContaining("configured for https://auth.example.com");
        assertThat(servers.tokenRequests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aUserWhoIsAskedAndDeclinesKeepsTheSecret(JsonObject auth) {
        Person person = new Person(false);
        assertThatThrownBy(() -> login(auth, person).run(Optional.empty(), null).await()).isInstanceOf(OAuthFailure.class);
        assertThat(person.asked).containsExactly(servers.issuer() + " for " + servers.server());
        assertThat(servers.tokenRequests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aUserConfirmsAServerOnce(JsonObject auth) {
        Person person = new Person(true);
        Login login = login(auth, person);
        login.run(Optional.empty(), null).await();
        login.run(Optional.empty(), "more").await();
        assertThat(person.asked).hasSize(1);
        assertThat(servers.tokenRequests()).hasSize(2);
    }

    @Test
    void aPublicClientIsNotAskedAbout() {
        Person person = new Person(false);
        login(new JsonObject().put("client_id", "public").put("redirect_uri", OAuthOptions.OUT_OF_BAND), person).run(Optional.empty(), null).await();
        assertThat(person.asked).isEmpty();
        assertThat(servers.tokenRequests()).hasSize(1);
    }

    private Login login(JsonObject auth, UserInteraction interaction) {
        return new Login(new Login.Surroundings(vertx, new HttpCaller(vertx), Clock.systemUTC(), new MemoryCredentials(), interaction, lookup -> { }),
            servers.server(), OAuthOptions.of(auth));
    }

    /** Pastes codes, and answers each question in one way. */
    private static final class Person implements UserInteraction {

        private final boolean confirms;
        private final List<String> asked = new ArrayList<>();

        Person(boolean confirms) {
            this.confirms = confirms;
        }

        @Override
        public Future<Boolean> confirm(AuthorizationServer server, String resource) {
            asked.add(server.name() + " for " + resource);
            return Future.succeededFuture(confirms);
        }

        @Override
        public Future<Void> open(LoginRequest request) {
            return Future.succeededFuture();
        }

        @Override
        public Future<String> openAndPaste(LoginRequest request) {
            return Future.succeededFuture("code");
        }

        @Override
        public Future<Void> show(DeviceCode code) {
            return Future.succeededFuture();
        }
    }
}
