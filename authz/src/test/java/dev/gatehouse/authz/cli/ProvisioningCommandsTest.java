package dev.gatehouse.authz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of docs/provisioning.md and docs/identity-providers.md, run in their order. */
final class ProvisioningCommandsTest {

    private static final Pattern BLOCK = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("\\| `(\\./gatehouse [^`]+)` \\|");
    private static final Pattern TOKEN = Pattern.compile("curl -s -u \"(\\w+):\\$SECRET\" -d (\\w+)=(\\w+) https://login\\.example\\.com(/\\S+)");

    private static List<String> commands(String page) throws IOException {
        String text = Files.readString(Path.of("../docs/" + page));
        List<String> commands = new ArrayList<>(BLOCK.matcher(text).results().flatMap(block -> block.group(1).lines()).toList());
        INLINE.matcher(text).results().map(found -> found.group(1)).forEach(commands::add);
        return commands;
    }

    private static CommandRun run(RunningServer server, String line) {
        String[] words = line.replaceFirst("^\\./gatehouse ", "").split(" ");
        Map<String, Object> commands = Map.of("client", new ClientCommand(), "user", new UserCommand(), "group", new GroupCommand());
        List<String> arguments = new ArrayList<>(List.of(words));
        CommandRun run = CommandRun.of(server, commands.get(arguments.remove(0)), arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(line + ": " + run.errors()).isZero();
        return run;
    }

    @Test
    void directoryIsSetUpAndUsesItsToken() throws IOException {
        try (RunningServer server = RunningServer.start(new JsonObject().put("scim", new JsonObject().put("enabled", true)))) {
            Waiting.on(server.users().add(new User("usr_ada", "ada", User.NO_PASSWORD, null, null, false, 0, null)));
            String secret = null;
            String token = null;
            int ran = 0;
            for (String line : commands("provisioning.md")) {
                Matcher curl = TOKEN.matcher(line);
                if (curl.matches()) {
                    Answer answer = server.postAs(RunningServer.basic(curl.group(1), secret), curl.group(4), curl.group(2), curl.group(3)).requireOk();
                    assertThat(answer.json().getLong("expires_in")).isEqualTo(15_552_000);
                    token = answer.json().getString("access_token");
                    assertThat(server.send(server.request("/scim/v2/Users", "Bearer " + token).GET()).status()).isEqualTo(200);
                    continue;
                }
                assertThat(line).startsWith("./gatehouse ");
                String output = run(server, line).output();
                secret = output.contains("client_secret") ? output.replaceAll("(?s).*client_secret: *(\\S+).*", "$1") : secret;
                ran++;
            }
            assertThat(ran).isGreaterThan(8);
            String last = "Bearer " + token;
            Eventually.holds("the last command deletes the directory", Duration.ofSeconds(20),
                () -> server.send(server.request("/scim/v2/Users", last).GET()).status() == 401);
        }
    }

    @Test
    void identityIsLinkedAndListed() throws IOException {
        try (RunningServer server = RunningServer.start()) {
            Waiting.on(server.users().add(new User("usr_ada", "ada", User.NO_PASSWORD, null, null, false, 0, null)));
            List<String> outputs = new ArrayList<>();
            for (String line : commands("identity-providers.md")) {
                outputs.add(run(server, line).output());
            }
            assertThat(outputs).hasSizeGreaterThan(1).last().asString().contains("https://example.okta.com", "00u1a2b3c4");
        }
    }
}
