package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.support.McpPeer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server process at the other end of real pipes. */
@Timeout(90)
@Tag("slow")
class StdioProcessTest {

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String CLASS_PATH = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private static Process startProcess() throws IOException {
        return new ProcessBuilder(JAVA, "-cp", CLASS_PATH, SampleProcess.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void send(Process process, JsonObject message) throws IOException {
        process.getOutputStream().write((message.encode() + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private static JsonObject message(int id, String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params);
    }

    @Test
    void theSdksClientUsesIt() {
        StdioClientTransport transport = new StdioClientTransport(
            ServerParameters.builder(JAVA).args("-cp", CLASS_PATH, SampleProcess.class.getName()).build(),
            new JacksonMcpJsonMapper(new ObjectMapper()));
        McpSyncClient client = McpClient.sync(transport).initializationTimeout(Duration.ofSeconds(30)).requestTimeout(Duration.ofSeconds(20)).build();

        assertThat(client.initialize().serverInfo().name()).isEqualTo("sample");
        McpSchema.CallToolResult result = client.callTool(new McpSchema.CallToolRequest("echo", Map.of("text", "hi"), null));
        assertThat(((McpSchema.TextContent) result.content().get(0)).text()).isEqualTo("alice:hi");
        assertThat(client.closeGracefully()).isTrue();
    }

    @Test
    void standardOutputIsPureAndTheEndOfInputEndsTheProcessAfterItsAnswers() throws Exception {
        Process process = startProcess();
        send(process, message(1, "initialize", McpPeer.INITIALIZE));
        send(process, message(2, "tools/call", new JsonObject().put("name", "slow")));
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(lines).extracting(line -> new JsonObject(line).getInteger("id")).containsExactly(1, 2);
    }
}
