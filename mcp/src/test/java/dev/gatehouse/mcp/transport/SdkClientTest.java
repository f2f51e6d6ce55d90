package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The SDK's own client against both HTTP wires. */
@Timeout(90)
class SdkClientTest {

    private final JacksonMcpJsonMapper mapper = new JacksonMcpJsonMapper(new ObjectMapper());
    private final BlockingQueue<Double> progress = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private McpSyncClient client(McpClientTransport transport) {
        return McpClient.sync(transport).requestTimeout(Duration.ofSeconds(10)).initializationTimeout(Duration.ofSeconds(10))
            .progressConsumer(notification -> progress.add(notification.progress())).build();
    }

    private Double nextProgress() {
        try {
            return progress.poll(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void useEverything(McpSyncClient client, String user) {
        assertThat(client.initialize().serverInfo().name()).isEqualTo("sample");
        client.ping();
        assertThat(client.listTools().tools()).extracting(McpSchema.Tool::name).contains("echo", "write");
        McpSchema.CallToolResult result = client.callTool(new McpSchema.CallToolRequest("echo", Map.of("text", "hi"), null));
        assertThat(((McpSchema.TextContent) result.content().get(0)).text()).isEqualTo(user + ":hi");
        client.callTool(new McpSchema.CallToolRequest("progress", Map.of(), Map.of("progressToken", "t")));
        // This client hands notifications to several threads, so their order says nothing of the wire's.
        assertThat(List.of(nextProgress(), nextProgress())).containsExactlyInAnyOrder(0.0, 50.0);
        assertThat(client.listResources().resources()).extracting(McpSchema.Resource::uri).containsExactly("user://profile", "user://locked");
        assertThat(client.listResourceTemplates().resourceTemplates()).hasSize(1);
        assertThat(client.readResource(McpSchema.ReadResourceRequest.builder("user://notes/1").build()).contents()).hasSize(1);
        assertThat(client.closeGracefully()).isTrue();
    }

    @Test
    void streamableHttp() {
        useEverything(client(HttpClientStreamableHttpTransport.builder(url()).jsonMapper(mapper)
            .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer alice")).openConnectionOnStartup(true).build()), "alice");
    }

    /** The wire is deprecated, and so is its client; served all the same. */
    @SuppressWarnings("deprecation")
    @Test
    void httpSse() {
        useEverything(client(io.modelcontextprotocol.client.transport.HttpClientSseClientTransport.builder(url()).jsonMapper(mapper)
            .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer bob")).build()), "bob");
    }
}
