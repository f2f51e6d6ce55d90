package dev.gatehouse.authz.cli;

import dev.gatehouse.shared.cli.CommandProvider;

import java.util.List;

/** Adds the commands of the authorization server to the command line. */
public final class AuthzCommands implements CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new AuthzCommand(), new TokenCommand(), new UserCommand(), new ClientCommand(),
            new KeyCommand(), new InitCommand());
    }
}
