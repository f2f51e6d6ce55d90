package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.UpstreamSessionStore.UpstreamSession;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** A back-channel logout ends the access of its login on two servers over one database. */
final class LogoutOnNodesTest {

    /** The bound of the documentation. */
    private static final Duration BOUND = Duration.ofSeconds(1);

    private static JsonObject logIn(RunningServer node, LookAlike provider, String sid) {
        Approval approval = node.approve("app");
        long authenticatedAt = Waiting.on(node.database().read("SELECT authenticated_at FROM authorization_grant WHERE grant_id = $1", approval.grantId())).get(0)
            .number("authenticated_at");
        ExternalIdentity identity = new ExternalIdentity(provider.issuer(), "", "sub-of-ada");
        Waiting.on(new UpstreamSessionStore(node.database()).add(new UpstreamSession(sid, RunningServer.SUB, authenticatedAt, "keycloak", identity, null, authenticatedAt), sid, Long.MAX_VALUE));
        node.clock().advance(Duration.ofSeconds(1));
        return node.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(), "code_verifier", approval.verifier()).requireOk().json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void logoutAtTheProviderEndsTokensOnBothServers(String engine) {
        TestClock clock = new TestClock();
        LookAlike provider = new LookAlike(Kind.KEYCLOAK, clock);
        provider.add("ada", new JsonObject().put("sub", "sub-of-ada"));
        JsonObject changes = new JsonObject().put("issuer", "http://localhost:9000").put("identityProviders", new JsonArray().add(provider.entry()));
        if (engine.equals("postgresql")) {
            Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
            changes.put("store", new JsonObject().put("url", Postgres.shared().createDatabase()));
        }
        Path directory = RunningServer.temporaryDirectory();
        try (RunningServer first = RunningServer.start(directory, changes.copy(), 1); RunningServer second = RunningServer.start(directory, changes.copy(), 1)) {
            first.add(Clients.publicClient("app"));
            JsonObject ended = logIn(first, provider, "session-1");
            JsonObject kept = logIn(first, provider, "session-2");
            String token = ended.getString("access_token");
            assertThat(first.isActive(token) && second.isActive(token)).isTrue();
            String logout = provider.logoutToken("ada", claims -> claims.put("sid", "session-1"));
            assertThat(second.post("/oauth/backchannel_logout/keycloak", "logout_token", logout).status()).isEqualTo(200);
            assertThat(second.isActive(token)).as("at once on the server that was told").isFalse();
            Eventually.holds("the other server knows", BOUND, () -> !first.isActive(token));
            for (RunningServer node : new RunningServer[] {first, second}) {
                node.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app", "refresh_token", ended.getString("refresh_token")).requireError(400, "invalid_grant");
                assertThat(node.isActive(kept.getString("access_token"))).as("another session of the same person").isTrue();
            }
        } finally {
            provider.close();
        }
    }
}
