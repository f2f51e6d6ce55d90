package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The lines of README and walk-through that a reader pastes into a shell do what they say. */
@Gatehouse
final class ReadmeIT {

    private static final Pattern SHELL = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

    @Test
    void theLinesForCurlWork(RunningGatehouse gatehouse) throws Exception {
        Path directory = Product.scratch("readme");
        String output = run(directory, "set -euo pipefail\n" + lines("docs/walkthrough.md", "### 5. By hand, with curl", gatehouse, directory));
        assertThat(output).contains("\"issuer\":\"" + gatehouse.issuer() + "\"", "<form id=\"login\"",
            "{\"active\":false}", "\"active\":true", "\"authorization_servers\"", "resource_metadata=",
            "\"serverInfo\"", "testuser@example.com", "\"token_type\":\"Bearer\"");
    }

    @Test
    void theShortWalkThroughWorks(RunningGatehouse gatehouse) throws Exception {
        Path directory = Product.scratch("readme");
        String output = run(directory, "set -euo pipefail\n" + lines("README.md", "## Walk-through", gatehouse, directory));
        assertThat(output).contains("\"active\":true", "resource_metadata=", "\"structuredContent\"", "testuser@example.com");
    }

    private static String lines(String page, String heading, RunningGatehouse gatehouse, Path directory) throws IOException {
        return section(page, heading)
            .replace("http://localhost:9000", gatehouse.issuer())
            .replace("http://localhost:8001", gatehouse.mcpOrigin())
            .replace("./gatehouse token", "./gatehouse token --auth-server " + gatehouse.issuer())
            .replace(" | jq", "").replace("/tmp/initialize", directory.resolve("initialize").toString());
    }

    private static String section(String page, String heading) throws IOException {
        String text = Files.readString(Product.ROOT.resolve(page));
        String section = text.substring(text.indexOf(heading)).split("\n## ", 2)[0];
        Matcher blocks = SHELL.matcher(section);
        return blocks.results().map(block -> block.group(1)).collect(Collectors.joining("\n"));
    }

    private static String run(Path directory, String script) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("script"), script);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(List.of("bash", file.toString())).directory(Product.ROOT.toFile())
            .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }
}
