package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.Tool;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The features of an MCP server, on any wire and in any revision.
 *
 * @param name         machine name of the server
 * @param title        for people
 * @param version      of the server
 * @param instructions for the model, or null
 * @param tools        names must differ
 * @param resources    URIs and templates must differ
 * @param prompts      names must differ
 * @param observer     counts and limits calls
 * @param policy       decides which caller may call which tool
 */
public record McpFeatures(String name, String title, String version, String instructions, List<Tool> tools,
                          List<McpResource> resources, List<Prompt> prompts, CallObserver observer, CallPolicy policy) {

    /**
     * Checks the components.
     *
     * @param name machine name of the server
     * @param title for people
     * @param version of the server
     * @param instructions for the model, or null
     * @param tools names must differ
     * @param resources URIs and templates must differ
     * @param prompts names must differ
     * @param observer counts and limits calls
     * @param policy decides which caller may call which tool
     */
    public McpFeatures {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(policy, "policy");
        tools = List.copyOf(tools);
        resources = List.copyOf(resources);
        prompts = List.copyOf(prompts);
    }

    /**
     * Creates features whose tools every caller with the scopes may call.
     *
     * @param name machine name of the server
     * @param title for people
     * @param version of the server
     * @param instructions for the model, or null
     * @param tools names must differ
     * @param resources URIs and templates must differ
     * @param prompts names must differ
     * @param observer counts and limits calls
     */
    public McpFeatures(String name, String title, String version, String instructions, List<Tool> tools, List<McpResource> resources,
                       List<Prompt> prompts, CallObserver observer) {
        this(name, title, version, instructions, tools, resources, prompts, observer, CallPolicy.NONE);
    }

    /** {@return every scope that a feature needs, sorted} */
    public List<String> scopes() {
        return Stream.of(tools.stream().map(Tool::scopes), resources.stream().map(McpResource::scopes), prompts.stream().map(Prompt::scopes))
            .flatMap(each -> each).flatMap(Set::stream).distinct().sorted().toList();
    }
}
