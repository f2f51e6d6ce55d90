package dev.gatehouse.it.support;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.fixtures.Eventually;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The Java SDK's client, and what it was asked and told. */
public final class JavaClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final McpJsonMapper MAPPER = new JacksonMcpJsonMapper(new ObjectMapper());

    public final BlockingQueue<CreateMessageRequest> samplings = new LinkedBlockingQueue<>();
    public final BlockingQueue<ElicitFormRequest> forms = new LinkedBlockingQueue<>();
    public final BlockingQueue<ElicitUrlRequest> pages = new LinkedBlockingQueue<>();
    public final BlockingQueue<LoggingMessageNotification> logs = new LinkedBlockingQueue<>();
    public final BlockingQueue<ProgressNotification> progress = new LinkedBlockingQueue<>();
    public final BlockingQueue<List<Tool>> tools = new LinkedBlockingQueue<>();
    public final BlockingQueue<List<Prompt>> prompts = new LinkedBlockingQueue<>();
    public final BlockingQueue<List<Resource>> resources = new LinkedBlockingQueue<>();
    public final BlockingQueue<List<ResourceContents>> updates = new LinkedBlockingQueue<>();
    private final McpSyncClient sdk;

    private JavaClient(McpClientTransport transport, ClientCapabilities capabilities, ElicitResult answer) {
        McpClient.SyncSpec client = listening(McpClient.sync(transport)).capabilities(capabilities);
        if (capabilities.sampling() != null) {
            client.sampling(this::sample).roots(new Root("file:///work", "work"))
                .elicitation(form -> recorded(forms, form, answer))
                .urlElicitation(page -> recorded(pages, page, answer));
        }
        sdk = client.build();
        sdk.initialize();
    }

    /** A client that declares all capabilities and answers all requests. */
    public static JavaClient able(McpClientTransport transport, ElicitResult answer) {
        return new JavaClient(transport, ClientCapabilities.builder().roots(true).sampling().elicitation(true, true).build(), answer);
    }

    /** A client that declares no capability. */
    public static JavaClient unable(McpClientTransport transport) {
        return new JavaClient(transport, ClientCapabilities.builder().build(), null);
    }

    public static ElicitResult accepting(Map<String, Object> content) {
        return ElicitResult.builder(ElicitResult.Action.ACCEPT).content(content).build();
    }

    public static ElicitResult declining() {
        return ElicitResult.builder(ElicitResult.Action.DECLINE).build();
    }

    /** @param token null for none */
    public static McpClientTransport http(String origin, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClientStreamableHttpTransport.builder(origin).jsonMapper(MAPPER).requestBuilder(request).openConnectionOnStartup(true).build();
    }

    public static McpClientTransport stdio(List<String> command, Map<String, String> environment) {
        StdioClientTransport transport = new StdioClientTransport(
            ServerParameters.builder(command.get(0)).args(command.subList(1, command.size())).env(environment).build(), MAPPER);
        transport.setStdErrorHandler(line -> {
        });
        return transport;
    }

    private McpClient.SyncSpec listening(McpClient.SyncSpec client) {
        return client.initializationTimeout(LIMIT).requestTimeout(LIMIT)
            .loggingConsumer(logs::add).progressConsumer(progress::add)
            .toolsChangeConsumer(tools::add).promptsChangeConsumer(prompts::add)
            .resourcesChangeConsumer(resources::add).resourcesUpdateConsumer(updates::add);
    }

    private CreateMessageResult sample(CreateMessageRequest request) {
        samplings.add(request);
        return CreateMessageResult.builder(Role.ASSISTANT, "Paris", "a-model").build();
    }

    private static <T> ElicitResult recorded(BlockingQueue<T> asked, T request, ElicitResult answer) {
        asked.add(request);
        return answer;
    }

    public McpSyncClient sdk() {
        return sdk;
    }

    public CallToolResult call(String tool, Map<String, Object> arguments) {
        return sdk.callTool(new CallToolRequest(tool, arguments, null));
    }

    /** The first text of a result. */
    public static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }

    /** Waits for what the client was asked or told next. */
    public static <T> T next(BlockingQueue<T> told) {
        try {
            T next = told.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came within " + LIMIT.toSeconds() + " s");
            }
            return next;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Makes a change until the client hears of one: its listening stream may not be open yet. */
    public static <T> T heard(BlockingQueue<T> told, Runnable change) {
        Eventually.holds("the client hears of a change", LIMIT, () -> {
            change.run();
            T next = told.poll(2, TimeUnit.SECONDS);
            return next != null && told.offer(next);
        });
        return next(told);
    }

    @Override
    public void close() {
        sdk.closeGracefully();
    }
}
