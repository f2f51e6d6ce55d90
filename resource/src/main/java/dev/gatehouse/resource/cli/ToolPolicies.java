package dev.gatehouse.resource.cli;

import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.policy.CallerFacts;
import dev.gatehouse.policy.InvalidPolicyException;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Policy.Explanation;
import dev.gatehouse.policy.Policy.RuleResult;
import dev.gatehouse.policy.PolicyDecision;
import dev.gatehouse.resource.ResourceFeatures;
import dev.gatehouse.shared.policy.PolicyLanguage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The policies of the tools of this MCP server, for commands and for the console. */
public final class ToolPolicies implements PolicyLanguage {

    private final Clock clock = Clock.systemUTC();

    /** The service loader calls it. */
    public ToolPolicies() {
    }

    @Override
    public JsonObject check(String text) {
        try {
            Policy policy = Policy.compile(text, ResourceFeatures.NAME);
            return new JsonObject().put("valid", true).put("version", policy.version()).put("rules", policy.size());
        } catch (InvalidPolicyException e) {
            return new JsonObject().put("valid", false).put("line", e.line()).put("column", e.column()).put("error", e.getMessage());
        }
    }

    @Override
    public JsonObject explain(String text, JsonObject question) {
        Instant now = clock.instant();
        try {
            return document(Policy.compile(text, ResourceFeatures.NAME).explain(caller(question.getJsonObject("caller", new JsonObject()), now),
                tool(question.getString("tool")), question.getJsonObject("arguments", new JsonObject()).getMap(), now));
        } catch (InvalidPolicyException invalid) {
            throw new IllegalArgumentException("The policy is not valid: " + invalid.getMessage(), invalid);
        } catch (ClassCastException wrong) {
            throw new IllegalArgumentException("A member of the question has the wrong type", wrong);
        }
    }

    static CallerFacts caller(JsonObject caller, Instant now) {
        Long ago = caller.getLong("authenticatedSecondsAgo");
        String user = caller.getString("user", "");
        return new CallerFacts(user, caller.getString("subject", user), caller.getString("issuer", ""), texts(caller, "groups"),
            caller.getString("client", ""), texts(caller, "actors"), texts(caller, "scopes"), ago == null ? null : now.minusSeconds(ago),
            caller.getString("acr", ""), texts(caller, "amr"));
    }

    private static List<String> texts(JsonObject caller, String name) {
        return caller.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
    }

    /** Returns the tool of a name. @throws IllegalArgumentException with the names of all tools */
    static ToolDefinition tool(String name) {
        List<ToolDefinition> all = Stream.concat(ResourceFeatures.definitions().stream(), Stream.of(CallPolicy.RESOURCE_READ, CallPolicy.PROMPT_GET)).toList();
        return all.stream().filter(tool -> tool.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException("There is no tool " + name
            + ". The tools are " + all.stream().map(ToolDefinition::name).collect(Collectors.joining(", "))));
    }

    static JsonObject document(Explanation explanation) {
        JsonArray rules = new JsonArray();
        explanation.results().forEach(result -> rules.add(new JsonObject().put("rule", result.rule()).put("effect", result.effect().wireName())
            .put("when", result.when()).put("result", text(result))));
        PolicyDecision decision = explanation.decision();
        return new JsonObject().put("version", explanation.version()).put("effect", decision.effect().wireName()).put("rule", decision.rule())
            .put("failed", decision.failed()).put("rules", rules);
    }

    static String text(RuleResult result) {
        return result.failure() != null ? "error: " + result.failure() : !result.matches() ? "no match" : result.satisfied() ? "match, satisfied" : "match";
    }
}
