package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.document.DocumentStore;
import dev.gatehouse.authz.support.DocumentServer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

class DocumentsCommandTest {

    private final RunningServer server = RunningServer.start();
    private final DocumentServer documents = new DocumentServer();

    @AfterEach
    void stop() {
        server.close();
        documents.close();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(server, new ClientCommand(), arguments);
    }

    private void consent(String url, String name) {
        Client client = new Client(url, name, List.of(), Set.of(ClientAuthMethod.NONE), List.of(DocumentServer.CALLBACK, "https://app.example.com/cb"),
            Set.of("authorization_code", "refresh_token"), Scopes.of("mcp:read", "mcp:write", "openid", "profile", "email"), List.of(), 0, RegistrationKind.METADATA_DOCUMENT,
            ClientMetadata.NONE.with("client_uri", "https://app.example.com").with("logo_uri", "https://app.example.com/logo.png"), ClientPolicy.DEFAULT);
        Waiting.on(new DocumentStore(server.database()).keep(client, null, 1, 1));
    }

    @Test
    void operatorSeesWhatHasChangedSinceTheConsent() {
        String url = documents.publish("/client.json", documents.document("/client.json"));
        consent(url, "Example MCP Client");
        assertThat(run("documents", url).output()).contains("none since the last consent");
        documents.publish("/client.json", documents.document("/client.json", "client_name", "Somebody Else"));
        assertThat(run("documents", url).output()).contains("client_name: Example MCP Client -> Somebody Else", "1 since the last consent");
        documents.on("/client.json", request -> request.response().setStatusCode(404).end());
        assertThat(run("documents", url).output()).contains("cannot be used");
        assertThat(run("documents").output()).contains(url, "none", "Example MCP Client");
    }

    @Test
    void nothingThatADocumentSaysControlsTheTerminal() {
        String url = documents.publish("/client.json", documents.document("/client.json", "client_name", "Now\u202E\u200B"));
        consent(url, "Evil\u001B[2J\u0007");
        String all = run("documents", url).output() + run("documents").output() + run("list").output() + run("show", url).output() + run("list", "--json").output();
        assertThat(all).contains("Evil\\u001b[2J\\u0007", "Now\\u202e\\u200b")
            .doesNotContain("\u001B", "\u0007", "\u202E", "\u200B");
    }

    @Test
    void decisionsAreKeptAndTakenBack() {
        String url = documents.url("/client.json");
        assertThat(run("approve", url).exitCode()).isZero();
        assertThat(run("documents").output()).contains("approved", "never", url);
        assertThat(run("approve", "--undo", url).exitCode()).isZero();
        assertThat(run("documents").output()).doesNotContain(url);
        consent(url, "Blocked");
        assertThat(run("block", url).output()).contains("tokens have ended");
        assertThat(run("documents").output()).contains("blocked", "never");
        assertThat(Waiting.on(server.clients().find(url))).isEmpty();
        assertThat(run("block", "app").exitCode()).isNotZero();
    }
}
