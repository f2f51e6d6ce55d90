package dev.gatehouse.shared.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

final class KnownClientTest {

    private static Exchange exchange(String url, String agent, String body) {
        return new Exchange("registration", "POST", url, Map.of("user-agent", List.of(agent), "content-type", List.of("application/json")), body, 201, Map.of(), "", "");
    }

    static Stream<JsonObject> registeringClients() {
        return KnownClient.profiles().stream().map(JsonObject.class::cast).filter(profile -> profile.containsKey("registration"));
    }

    @ParameterizedTest
    @MethodSource("registeringClients")
    void eachClientIsKnownByItsRegistration(JsonObject profile) {
        assertThat(KnownClient.of(List.of(exchange("http://localhost/oauth/register", "node", profile.getJsonObject("registration").encode()))))
            .map(KnownClient.Sighting::id).contains(profile.getString("id"));
    }

    @ParameterizedTest
    @CsvSource({"https://claude.ai/oauth/claude-code-client-metadata,claude-code", "https://claude.ai/oauth/mcp-oauth-client-metadata,claude-web",
        "https://vscode.dev/oauth/client-metadata.json,vscode", "https://chatgpt.com/oauth/codex/client.json,codex", "https://chatgpt.com/oauth/client.json,chatgpt"})
    void eachDocumentIsKnown(String document, String client) {
        assertThat(KnownClient.of(List.of(exchange("http://localhost/oauth/authorize?client_id=" + document, "Mozilla/5.0", ""))))
            .map(KnownClient.Sighting::id).contains(client);
    }

    @Test
    void anotherClientHasTheNameThatItGivesItself() {
        assertThat(KnownClient.of(List.of(exchange("http://localhost/oauth/register", "curl/8", "{\"client_name\":\"My client\"}"))))
            .contains(new KnownClient.Sighting("", "My client", "clientName My client"));
        assertThat(KnownClient.of(List.of(exchange("http://localhost/oauth/register", "curl/8", "")))).contains(new KnownClient.Sighting("", "curl/8", "userAgent curl/8"));
        assertThat(KnownClient.of(List.of())).isEmpty();
    }
}
