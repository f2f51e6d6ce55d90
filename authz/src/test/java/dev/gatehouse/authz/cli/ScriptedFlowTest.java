package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.shared.config.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptedFlowTest {

    @Test
    void finalSlashesOfTheServersUrlMakeNoDifference() {
        try (RunningServer server = RunningServer.start()) {
            for (String ending : new String[] {"", "/", "//"}) {
                assertThat(new ScriptedFlow(server.issuer() + ending).accessToken("testuser", "testpass", "mcp:read", null)).startsWith("gha_");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:9000", " http://localhost:9000", "ftp://localhost:9000", "http:///x", "http://localhost:99999",
        "http://user@localhost:9000", "http://localhost:9000/?a=b", "http://localhost:9000#a"})
    void whatIsNoUrlOfAServerIsRefusedInWords(String url) {
        assertThatThrownBy(() -> new ScriptedFlow(url)).isInstanceOf(StartupException.class).hasMessageContaining("--auth-server");
    }
}
