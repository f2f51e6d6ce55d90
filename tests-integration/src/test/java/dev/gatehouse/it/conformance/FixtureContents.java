package dev.gatehouse.it.conformance;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Content;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.PromptCall;
import dev.gatehouse.mcp.api.PromptDefinition;
import dev.gatehouse.mcp.api.PromptResult;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.mcp.api.Schemas;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The resources and prompts that the official suite reads. */
final class FixtureContents {

    static final Buffer IMAGE = Buffer.buffer(Base64.getDecoder().decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="));
    static final Buffer SOUND = Buffer.buffer(Base64.getDecoder().decode("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="));

    private FixtureContents() {
    }

    static List<McpResource> resources() {
        return List.of(
            resource("test://static-text", "text/plain", uri -> new ResourceContents(uri, "text/plain", "A text that stays.")),
            resource("test://static-binary", "image/png", uri -> new ResourceContents(uri, "image/png", IMAGE)),
            resource("test://watched-resource", "text/plain", uri -> new ResourceContents(uri, "text/plain", "Watched.")),
            resource("test://template/{id}/data", "application/json", uri -> new ResourceContents(uri, "application/json", described(uri))));
    }

    private static String described(String uri) {
        String id = uri.substring("test://template/".length(), uri.length() - "/data".length());
        return new JsonObject().put("id", id).put("templateTest", true).put("data", "Data for ID: " + id).encode();
    }

    private static McpResource resource(String uri, String mimeType, Function<String, ResourceContents> contents) {
        return new McpResource() {
            @Override
            public ResourceDefinition definition() {
                return new ResourceDefinition(uri, uri.replaceAll("\\W+", "-"), uri, "For the conformance suite", mimeType);
            }

            @Override
            public Set<String> scopes() {
                return Set.of();
            }

            @Override
            public Future<ResourceContents> read(ResourceRead read) {
                return Future.succeededFuture(contents.apply(read.uri()));
            }
        };
    }

    static List<Prompt> prompts() {
        return List.of(
            prompt("test_simple_prompt", List.of(), call -> said(new Content.Text("This is a simple prompt for testing."))),
            prompt("test_prompt_with_arguments", List.of("arg1", "arg2"), call -> said(new Content.Text(
                "Prompt with arguments: arg1='" + call.arguments().get("arg1") + "', arg2='" + call.arguments().get("arg2") + "'"))),
            prompt("test_prompt_with_embedded_resource", List.of("resourceUri"), call -> said(
                new Content.Embedded(new ResourceContents(call.arguments().get("resourceUri"), "text/plain", "Embedded.")),
                new Content.Text("Please process the resource."))),
            prompt("test_prompt_with_image", List.of(),
                call -> said(new Content.Image(IMAGE, "image/png"), new Content.Text("Please look at the image."))),
            prompt("test_input_required_result_prompt", List.of(), call -> call.inputs().ask("user_context",
                    InputRequest.elicitation("In which context?", Schemas.of("""
                        {"type": "object", "properties": {"context": {"type": "string"}}, "required": ["context"]}""")))
                .compose(answer -> said(new Content.Text("Context: " + answer.content().get("context"))))));
    }

    private static Future<PromptResult> said(Content... parts) {
        return Future.succeededFuture(new PromptResult(null, Stream.of(parts).map(PromptResult.Message::user).toList()));
    }

    private static Prompt prompt(String name, List<String> arguments, Function<PromptCall, Future<PromptResult>> body) {
        return new Prompt() {
            @Override
            public PromptDefinition definition() {
                return new PromptDefinition(name, name, "For the conformance suite",
                    arguments.stream().map(argument -> new PromptDefinition.Argument(argument, argument, true)).toList());
            }

            @Override
            public Future<List<String>> complete(Caller caller, String argument, String prefix, Map<String, String> others) {
                return Future.succeededFuture(Stream.of("paris", "park", "rome").filter(value -> value.startsWith(prefix)).toList());
            }

            @Override
            public Future<PromptResult> get(PromptCall call) {
                return body.apply(call);
            }
        };
    }
}
