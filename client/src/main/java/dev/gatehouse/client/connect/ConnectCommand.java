package dev.gatehouse.client.connect;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.session.McpError;
import dev.gatehouse.client.skill.Skills;
import dev.gatehouse.client.terminal.StandardTerminal;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** Does one thing at an MCP server, for scripts. */
@Command(name = "connect", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Connect to an MCP server, do one thing there, and print the result.",
    footer = {"", "Without --list, --call or --read it prints what the server says of itself.",
        "Progress and log messages of the server go to standard error."},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the server could not be reached, or answered with an error", "2:the command line was wrong",
        "3:the tool was called and reported a failure", "4:authorization failed"})
public final class ConnectCommand implements Callable<Integer> {

    /** The thing to do. */
    static final class Action {

        @Option(names = "--list", required = true, description = "List tools, resources, prompts and skills.")
        private boolean list;

        @Option(names = "--call", required = true, paramLabel = "TOOL", description = "Call a tool.")
        private String tool;

        @Option(names = "--read", required = true, paramLabel = "URI", description = "Read a resource.")
        private String uri;
    }

    @Parameters(paramLabel = "NAME|URL", description = "A server of mcp_config.json, or the URL of one.")
    private String target;

    @ArgGroup
    private Action action;

    @Option(names = "--arguments", paramLabel = "JSON", defaultValue = "{}", description = "Arguments of the tool (default: ${DEFAULT-VALUE}).")
    private String arguments;

    @Option(names = "--json", description = "Print the result as JSON, as the server sent it.")
    private boolean json;

    @Mixin
    private ConnectionOptions connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonObject parsed = parseArguments();
        ServerEntry server = connection.server(target);
        ResultPrinter printer = new ResultPrinter(spec.commandLine().getOut(), json);
        PrintWriter error = spec.commandLine().getErr();
        try (ClientProcess client = ClientProcess.create(connection, vertx -> new StandardTerminal(vertx, error), error)) {
            return client.run(client.connect(server, null).compose(open -> perform(open, client, printer, parsed)
                .eventually(open::close)));
        }
    }

    private JsonObject parseArguments() {
        try {
            return new JsonObject(arguments);
        } catch (DecodeException | ClassCastException e) {
            throw new ParameterException(spec.commandLine(), "--arguments is not a JSON object: " + arguments);
        }
    }

    private Future<Integer> perform(McpConnection open, ClientProcess client, ResultPrinter printer, JsonObject parsed) {
        if (action == null) {
            return Future.succeededFuture(printer.server(open));
        }
        if (action.list) {
            return open.tools().compose(tools -> listed(open, "resources", open.hasCapability("resources")).compose(resources ->
                listed(open, "prompts", open.hasCapability("prompts")).compose(prompts -> listed(open, "skills", Skills.of(open).isPresent())
                    .map(skills -> printer.offers(tools, resources, prompts, skills)))));
        }
        return action.uri != null ? open.readResource(action.uri).map(printer::resource)
            : open.callTool(action.tool, parsed, client.progress()).map(printer::toolResult);
    }

    /** A server that was never asked for its capabilities may lack this one: then there is nothing to list. */
    private static Future<List<JsonObject>> listed(McpConnection open, String kind, boolean has) {
        if (!has) {
            return Future.succeededFuture(List.of());
        }
        return (switch (kind) {
            case "resources" -> open.resources();
            case "prompts" -> open.prompts();
            default -> open.skills();
        }).recover(failure -> failure instanceof McpError error && error.code()
                == McpError.METHOD_NOT_FOUND ? Future.succeededFuture(List.of()) : Future.failedFuture(failure));
    }
}
