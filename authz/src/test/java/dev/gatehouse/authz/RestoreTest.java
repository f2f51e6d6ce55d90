package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.change.RestoreStore;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.sql.StoreBackup;
import dev.gatehouse.shared.sql.StoreLocation;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;

/** An old backup is restored after tokens in it were revoked and spent. */
class RestoreTest {

    private final Vertx vertx = Vertx.vertx();
    private final AuthzStore store = new AuthzStore();

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    private StoreLocation location(Path directory) {
        JsonObject checked = ConfigFile.check(RunningServer.configuration(directory, 9000), AuthzOptions.SCHEMA, Map.of());
        return store.location(checked, DataHome.of(Map.of("GATEHOUSE_HOME", directory.toString())));
    }

    private static Answer refresh(RunningServer server, Client client, String token) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "refresh_token", token, "client_id", client.id());
    }

    @Test
    void tokenThatWasRevokedAfterTheBackupStaysInactive() {
        Path before = RunningServer.temporaryDirectory();
        Path after = RunningServer.temporaryDirectory();
        Path backup = before.resolve("backup.db");
        Client client;
        String access;
        String spent;
        String live;
        long now;
        try (RunningServer server = RunningServer.start(before, new JsonObject(), 1)) {
            client = server.add(Clients.publicClient("app"));
            Approval approval = server.approve(client.id());
            JsonObject tokens = server.post("/oauth/token", "grant_type", "authorization_code", "code", approval.code(), "redirect_uri", approval.redirectUri(),
                "code_verifier", approval.verifier(), "client_id", client.id()).requireOk().json();
            access = tokens.getString("access_token");
            spent = tokens.getString("refresh_token");
            assertThat(server.isActive(access)).isTrue();
            Waiting.on(new StoreBackup(vertx, location(before)).write(backup));
            live = refresh(server, client, spent).requireOk().json().getString("refresh_token");
            assertThat(server.post("/oauth/revoke", "token", access, "client_id", client.id()).status()).isEqualTo(200);
            assertThat(server.isActive(access)).isFalse();
            now = server.clock().millis();
        }
        long restoredAt = now;
        Map<String, Long> ended = Waiting.on(new StoreBackup(vertx, location(after)).<Map<String, Long>>restore(backup, false,
            statements -> store.end(statements, restoredAt))).ended();
        assertThat(ended).containsEntry("access_token", 1L).containsEntry("refresh_token", 1L).containsEntry("authorization_grant", 1L);
        try (RunningServer server = RunningServer.start(after, new JsonObject().put("keyFile", before.resolve("authz.key").toString()), 1)) {
            assertThat(server.isActive(access)).isFalse();
            assertThat(refresh(server, client, spent).status()).isEqualTo(400);
            assertThat(refresh(server, client, live).status()).isEqualTo(400);
            assertThat(Waiting.on(server.clients().find(client.id()))).isPresent();
            Approval again = server.approve(client.id());
            String fresh = server.post("/oauth/token", "grant_type", "authorization_code", "code", again.code(), "redirect_uri", again.redirectUri(),
                "code_verifier", again.verifier(), "client_id", client.id()).requireOk().json().getString("access_token");
            assertThat(server.isActive(fresh)).as("tokens of after the restore").isTrue();
        }
    }

    /** A migration that adds a table must say what a restore does with it. */
    @Test
    void everyTableIsEitherEndedOrKept() {
        StoreLocation location = location(RunningServer.temporaryDirectory());
        Waiting.on(location.migrate(vertx));
        TreeSet<String> known = new TreeSet<>(RestoreStore.KEPT);
        known.addAll(RestoreStore.ended());
        assertThat(Waiting.on(location.status(vertx)).rows().keySet()).isEqualTo(known);
        assertThat(RestoreStore.KEPT).doesNotContainAnyElementsOf(RestoreStore.ended());
    }
}
