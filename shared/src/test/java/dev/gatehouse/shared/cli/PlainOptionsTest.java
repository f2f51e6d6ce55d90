package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.cli.PlainOptions.Misuse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PlainOptionsTest {

    private static final Set<String> VALUED = Set.of("--host", "--port", "-conf");

    @Test
    void readsValuesInBothFormsAndBothNamesOfTheConfiguration() {
        PlainOptions options = read("--host localhost --port=65535 --conf file.json --debug");
        assertThat(options.text("--host")).isEqualTo("localhost");
        assertThat(options.port("--port")).isEqualTo(65_535);
        assertThat(options.configuration()).isEqualTo(Path.of("file.json")).isEqualTo(read("-conf file.json").configuration());
        assertThat(options.isDebug()).isTrue();
    }

    @Test
    void absentOptionsAreNull() {
        PlainOptions options = PlainOptions.read("authz", List.of(), VALUED);
        assertThat(options.text("--host")).isNull();
        assertThat(options.port("--port")).isNull();
        assertThat(options.configuration()).isNull();
        assertThat(options.isDebug()).isFalse();
        assertThat(options.text("--host", "localhost")).isEqualTo("localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--other x", "x", "-h", "--host", "--host --debug", "--host a --host b", "--debug=true", "--conf a -conf b", "@file", "--host @file", "-port 1"})
    void everyOtherCommandLineIsMisuse(String line) {
        assertThatThrownBy(() -> read(line)).isInstanceOf(Misuse.class).hasMessageEndingWith("Run: gatehouse authz --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "-1", "+1", "1.0", "", "123456", "\u0661"})
    void otherTextIsNoPort(String text) {
        assertThatThrownBy(() -> read("--port=" + text).port("--port")).isInstanceOf(Misuse.class).hasMessageContaining("is not a port number");
    }

    @Test
    void plainOptionsOfUpAreThoseOfPicocli() {
        assertThat(Gatehouse.commandLine().getSubcommands().get("up").getCommandSpec().optionsMap().keySet())
            .containsExactlyInAnyOrder("--host", "--port", "--mcp-port", "--metrics-port", "--record", "--debug", "-h", "--help", "-V", "--version")
            .containsAll(new UpCommand().valued());
        assertThat(new UpCommand().valued()).hasSize(5);
    }

    private static PlainOptions read(String line) {
        return PlainOptions.read("authz", List.of(line.split(" ")), VALUED);
    }
}
