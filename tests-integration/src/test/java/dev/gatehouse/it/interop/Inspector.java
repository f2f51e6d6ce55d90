package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line of the MCP Inspector, which connects again for each request. It stores nothing in the home directory. */
final class Inspector {
    static final String PROGRAM = Path.of("node", "node_modules", "@modelcontextprotocol", "inspector", "clients", "launcher", "build",
        "index.js").toString();
    private final List<String> options;
    private final List<String> target;

    private Inspector(List<String> options, List<String> target) {
        this.options = options;
        this.target = target;
    }

    /** @param transport {@code http} or {@code sse} */
    static Inspector of(String transport, String url, String token) {
        return new Inspector(List.of("--transport", transport, "--header", "Authorization: Bearer " + token, "--stored-auth-only"), List.of(url));
    }

    static Inspector ofProcess(RunningGatehouse gatehouse, String token) {
        return new Inspector(environment(gatehouse, token), process(gatehouse));
    }

    /** The options that hand a process of the server its token. */
    static List<String> environment(RunningGatehouse gatehouse, String token) {
        return List.of("-e", "GATEHOUSE_HOME=" + gatehouse.home(), "-e", "MCP_ACCESS_TOKEN=" + token);
    }

    /** The server as a process of the Inspector's. */
    static List<String> process(RunningGatehouse gatehouse) {
        List<String> target = new ArrayList<>(List.of("--"));
        target.addAll(Product.command("mcp", "--transport", "stdio", "--auth-server", gatehouse.issuer(), "--resource", gatehouse.mcp()));
        return target;
    }

    /** The result of a request. */
    JsonObject result(String era, String method, String... more) {
        Product.Result run = run(era, method, more);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new JsonObject(run.out()).getJsonObject("result");
    }

    /** @param era {@code legacy} or {@code modern} */
    Product.Result run(String era, String method, String... more) {
        List<String> command = new ArrayList<>(List.of(Parts.node().toString(), PROGRAM, "--cli", "--format", "json", "--quiet",
            "--protocol-era", era, "--method", method));
        command.addAll(List.of(more));
        command.addAll(options);
        command.addAll(target);
        return Product.run(command, Map.of("HOME", Product.scratch("inspector").toString()), "");
    }
}
