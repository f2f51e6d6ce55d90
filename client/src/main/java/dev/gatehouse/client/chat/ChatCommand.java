package dev.gatehouse.client.chat;

import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.connect.ConnectionOptions;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The interactive client: commands to MCP servers, and text to a language model that calls their tools. */
@Command(name = "chat", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Talk to MCP servers, and to a language model that uses them.",
    footer = {"", "The model's key comes from the environment variable GATEHOUSE_MODEL_KEY, else OPENAI_API_KEY.",
        "Example: ./gatehouse chat --model-url http://localhost:11434/v1 --model qwen3"})
public final class ChatCommand implements Callable<Integer> {

    private static final long COMPLETION_SECONDS = 5;

    @Option(names = "--model-url", paramLabel = "URL", description = "Base URL of an OpenAI-compatible API, such as http://localhost:11434/v1.")
    private String modelUrl;

    @Option(names = "--model", paramLabel = "NAME", description = "Name of the model there.")
    private String modelName;

    @Option(names = "--max-rounds", paramLabel = "N", defaultValue = "8",
        description = "Most requests to the model for one text, each perhaps with tool calls (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private ConnectionOptions connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (modelUrl != null && modelName == null) {
            throw new StartupException("--model-url needs --model: the name of the model to use there.");
        }
        try (LineEditor editor = LineEditor.open();
                ClientProcess client = ClientProcess.create(connection, editor::on, spec.commandLine().getErr())) {
            Map<String, String> environment = System.getenv();
            String key = environment.getOrDefault("GATEHOUSE_MODEL_KEY", environment.get("OPENAI_API_KEY"));
            Model model = modelUrl == null ? null : new Model(client.http(), modelUrl, modelName, key);
            ChatSession session = new ChatSession(client, connection.config(), model, rounds);
            editor.complete(line -> session.completion().words(line).timeout(COMPLETION_SECONDS, TimeUnit.SECONDS).otherwise(List.of()).await());
            editor.note("Gatehouse chat. /help shows the commands, /quit or Ctrl-D ends.");
            for (String line = editor.read(); line != null && !line.strip().equals("/quit"); line = editor.read()) {
                session.handle(line.strip()).onFailure(failure -> editor.note("gatehouse: " + ClientProcess.message(failure))).otherwiseEmpty().await();
            }
            session.close().await();
            return 0;
        }
    }
}
