package dev.gatehouse.resource.usage;

import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.resource.usage.UsageStore.UsageTotals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.YearMonth;
import java.util.Set;

/** {@code get_api_usage}. */
public final class ApiUsageTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("get_api_usage", "Get API usage",
        "Show how much the authenticated user has used this server in the current calendar month (UTC): requests, text tokens, and the remaining quota.",
        Schemas.NO_ARGUMENTS,
        Schemas.of("""
            {"type": "object", "required": ["month", "requests", "tokens", "resets_at", "method"], "properties": {
              "month": {"type": "string", "description": "As 2026-11"},
              "requests": {"type": "object", "required": ["used", "quota", "remaining"], "properties": {
                "used": {"type": "integer"}, "quota": {"type": "integer"}, "remaining": {"type": "integer"}}},
              "tokens": {"type": "object", "required": ["used", "input", "output", "quota", "remaining"], "properties": {
                "used": {"type": "integer"}, "input": {"type": "integer"}, "output": {"type": "integer"},
                "quota": {"type": "integer"}, "remaining": {"type": "integer"}}},
              "resets_at": {"type": "string", "description": "RFC 3339"},
              "method": {"type": "string", "description": "How tokens are counted"}}}"""),
        ToolHints.reads());

    private final UsageMeter meter;

    public ApiUsageTool(UsageMeter meter) {
        this.meter = meter;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:read");
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        return meter.current(call.principal()).map(this::describe);
    }

    private ToolResult describe(UsageTotals used) {
        YearMonth month = meter.month();
        UsageQuota quota = meter.quota();
        JsonObject result = new JsonObject()
            .put("month", month.toString())
            .put("requests", new JsonObject().put("used", used.requests())
                .put("quota", quota.requestsPerMonth()).put("remaining", remaining(quota.requestsPerMonth(), used.requests())).getMap())
            .put("tokens", new JsonObject().put("used", used.tokens()).put("input", used.tokensIn()).put("output", used.tokensOut())
                .put("quota", quota.tokensPerMonth()).put("remaining", remaining(quota.tokensPerMonth(), used.tokens())).getMap())
            .put("resets_at", month.plusMonths(1).atDay(1) + "T00:00:00Z")
            .put("method", TokenEstimate.METHOD + ". This call counts as a request; its own text is included from the next call on.");
        return ToolResult.of(result.encode(), result.getMap());
    }

    private static long remaining(long quota, long used) {
        return Math.max(0, quota - used);
    }
}
