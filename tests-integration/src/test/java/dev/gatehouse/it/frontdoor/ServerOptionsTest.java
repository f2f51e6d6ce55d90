package dev.gatehouse.it.frontdoor;

import dev.gatehouse.shared.cli.CommandProvider;
import dev.gatehouse.shared.cli.ServerCommand;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/** Servers start without Picocli, which knows the same options. */
final class ServerOptionsTest {

    private static final Set<String> OTHERS = Set.of("--conf", "--debug", "-h", "--help", "-V", "--version");

    @Test
    void optionsWithoutPicocliAreThoseOfPicocli() {
        List<ServerCommand> commands = ServiceLoader.load(CommandProvider.class).stream().map(provider -> provider.get().server())
            .filter(Objects::nonNull).toList();
        assertThat(commands).hasSize(2);
        for (ServerCommand command : commands) {
            Set<String> all = new TreeSet<>(OTHERS);
            all.addAll(command.valued());
            assertThat(new CommandLine(command).getCommandSpec().optionsMap().keySet()).containsExactlyInAnyOrderElementsOf(all);
        }
    }
}
