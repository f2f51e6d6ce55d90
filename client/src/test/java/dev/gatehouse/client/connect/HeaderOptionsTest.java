package dev.gatehouse.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.shared.config.StartupException;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** {@code --header} of {@code gatehouse connect}, {@code chat} and {@code stdio}. */
final class HeaderOptionsTest {

    @Test
    void aVariableIsTakenFromTheEnvironment() {
        assertThat(HeaderOptions.values(List.of("X-Api-Key: ${KEY}", "X-Plain:a:b"), Map.of("KEY", "s3cret")))
            .containsExactlyInAnyOrderEntriesOf(Map.of("X-Api-Key", "s3cret", "X-Plain", "a:b"));
        assertThatThrownBy(() -> HeaderOptions.values(List.of("X-Api-Key:${KEY}"), Map.of())).isInstanceOf(StartupException.class)
            .hasMessageContaining("KEY is not set");
    }

    @Test
    void whatIsNoHeaderFieldIsRefused() {
        for (String field : List.of("none", ":x", "a b:c", "X:a\r\nY: b")) {
            assertThatThrownBy(() -> HeaderOptions.values(List.of(field), Map.of())).as(field).isInstanceOf(StartupException.class)
                .hasMessageContaining("NAME:VALUE");
        }
    }

    @Test
    void anAuthorizationFieldTakesThePlaceOfTheSignIn() {
        ServerEntry server = ServerEntry.of(URI.create("https://mcp.example.com/mcp"));
        assertThat(server.withHeaders(Map.of("X-Api-Key", "k")).auth()).isNotNull();
        assertThat(server.withHeaders(Map.of("authorization", "Bearer t")).auth()).isNull();
    }
}
