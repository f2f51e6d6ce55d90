package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.schema.SchemaCompiler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tools, resources and prompts that the server offers now. They may change while clients are connected, and the clients are notified. Safe
 * for use from any thread: readers see the state before or after a change.
 */
public final class FeatureRegistry {

    private final Changes changes;
    private final SchemaCompiler compiler;
    private volatile Map<String, OfferedTool> tools = Map.of();
    private volatile Map<String, OfferedPrompt> prompts = Map.of();
    private volatile List<OfferedResource> resources = List.of();

    /**
     * Creates a registry.
     *
     * @param features the initial features
     * @param changes publishes the changes of the lists
     * @param compiler compiles the schemas
     */
    public FeatureRegistry(McpFeatures features, Changes changes, SchemaCompiler compiler) {
        this.changes = changes;
        this.compiler = compiler;
        Map<String, OfferedTool> firstTools = new LinkedHashMap<>();
        features.tools().forEach(tool -> put(firstTools, tool.definition().name(), new OfferedTool(tool, compiler)));
        Map<String, OfferedPrompt> firstPrompts = new LinkedHashMap<>();
        features.prompts().forEach(prompt -> put(firstPrompts, prompt.definition().name(), new OfferedPrompt(prompt)));
        tools = firstTools;
        prompts = firstPrompts;
        resources = features.resources().stream().map(OfferedResource::new).toList();
    }

    private static <T> void put(Map<String, T> all, String name, T one) {
        if (all.put(name, one) != null) {
            throw new IllegalArgumentException("Duplicate name: " + name);
        }
    }

    /**
     * Adds a tool, or replaces the one of the same name.
     *
     * @param tool the tool
     */
    public synchronized void add(Tool tool) {
        Map<String, OfferedTool> next = new LinkedHashMap<>(tools);
        next.put(tool.definition().name(), new OfferedTool(tool, compiler));
        tools = next;
        changes.publish(Change.of(Change.Kind.TOOLS));
    }

    /**
     * Removes a tool. Its running calls continue.
     *
     * @param name the name of the tool
     */
    public synchronized void removeTool(String name) {
        Map<String, OfferedTool> next = new LinkedHashMap<>(tools);
        if (next.remove(name) != null) {
            tools = next;
            changes.publish(Change.of(Change.Kind.TOOLS));
        }
    }

    /**
     * Adds a prompt, or replaces the one of the same name.
     *
     * @param prompt the prompt
     */
    public synchronized void add(Prompt prompt) {
        Map<String, OfferedPrompt> next = new LinkedHashMap<>(prompts);
        next.put(prompt.definition().name(), new OfferedPrompt(prompt));
        prompts = next;
        changes.publish(Change.of(Change.Kind.PROMPTS));
    }

    /**
     * Removes a prompt.
     *
     * @param name the name of the prompt
     */
    public synchronized void removePrompt(String name) {
        Map<String, OfferedPrompt> next = new LinkedHashMap<>(prompts);
        if (next.remove(name) != null) {
            prompts = next;
            changes.publish(Change.of(Change.Kind.PROMPTS));
        }
    }

    /**
     * Adds a resource or template, or replaces the one of the same URI.
     *
     * @param resource the resource or template
     */
    public synchronized void add(McpResource resource) {
        List<OfferedResource> next = new ArrayList<>(resources);
        next.removeIf(each -> each.definition().uri().equals(resource.definition().uri()));
        next.add(new OfferedResource(resource));
        resources = List.copyOf(next);
        changes.publish(Change.of(Change.Kind.RESOURCES));
    }

    /**
     * Removes a resource or template.
     *
     * @param uri the URI or URI template
     */
    public synchronized void removeResource(String uri) {
        List<OfferedResource> next = resources.stream().filter(each -> !each.definition().uri().equals(uri)).toList();
        if (next.size() < resources.size()) {
            resources = next;
            changes.publish(Change.of(Change.Kind.RESOURCES));
        }
    }

    /**
     * {@return the tool with this name}
     *
     * @param name the name
     */
    public Optional<OfferedTool> tool(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    Collection<OfferedTool> tools() {
        return tools.values();
    }

    Optional<OfferedPrompt> prompt(String name) {
        return Optional.ofNullable(prompts.get(name));
    }

    Collection<OfferedPrompt> prompts() {
        return prompts.values();
    }

    List<OfferedResource> resources() {
        return resources;
    }

    /**
     * {@return the resource with that URI, or the first template that it matches or whose text it equals}
     *
     * @param uri the URI
     */
    public Optional<OfferedResource> resource(String uri) {
        List<OfferedResource> all = resources;
        return all.stream().filter(each -> each.definition().uri().equals(uri)).findFirst()
            .or(() -> all.stream().filter(each -> each.variables(uri).isPresent()).findFirst());
    }

    /** Compiles the schemas, so that the first call does not wait for that. */
    public void warmUp() {
        tools.values().forEach(OfferedTool::warmUp);
    }
}
