package dev.gatehouse.client.command;

import dev.gatehouse.client.bridge.StdioCommand;
import dev.gatehouse.client.chat.ChatCommand;
import dev.gatehouse.client.connect.ConnectCommand;
import dev.gatehouse.client.doctor.DoctorCommand;
import dev.gatehouse.client.doctor.ReplayCommand;
import dev.gatehouse.client.login.LoginCommand;
import dev.gatehouse.client.login.LogoutCommand;
import dev.gatehouse.client.login.WhoamiCommand;
import dev.gatehouse.shared.cli.CommandProvider;

import java.util.List;

/** The commands of the client. */
public final class ClientCommands implements CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new ChatCommand(), new ConnectCommand(), new DoctorCommand(), new LoginCommand(), new LogoutCommand(), new ReplayCommand(),
            new WhoamiCommand(), new StdioCommand());
    }
}
