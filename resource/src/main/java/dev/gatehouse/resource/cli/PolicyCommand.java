package dev.gatehouse.resource.cli;

import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.policy.CallerFacts;
import dev.gatehouse.policy.PolicyDecision;
import dev.gatehouse.policy.Effect;
import dev.gatehouse.policy.InvalidPolicyException;
import dev.gatehouse.policy.Policy;
import dev.gatehouse.policy.Policy.Explanation;
import dev.gatehouse.policy.Policy.RuleResult;
import dev.gatehouse.policy.WatchedPolicy;
import dev.gatehouse.resource.ResourceFeatures;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks, tests and explains policy files. Exit codes: 0 good, or allowed; 1 bad, or not allowed; 2 invalid command line or input. */
@Command(name = "policy", mixinStandardHelpOptions = true, subcommandsRepeatable = false,
    description = "Check, test and explain the policy of the tools.", footer = {"", "Example: ./gatehouse policy check policy.json"})
final class PolicyCommand implements Runnable {

    private static final int BAD = 1;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? Choose check, test or explain.");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private ParameterException misuse(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    private String read(Path file) {
        try {
            return WatchedPolicy.read(file);
        } catch (IOException e) {
            throw misuse(file + " cannot be read: " + e.getMessage());
        }
    }

    private Policy compile(Path file) {
        try {
            return Policy.compile(read(file), ResourceFeatures.NAME);
        } catch (InvalidPolicyException e) {
            throw misuse(file + ": " + e.getMessage());
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Compile a policy file, and print its version or its first error.")
    int check(@Parameters(paramLabel = "FILE", description = "Policy file.") Path file,
              @Option(names = "--json", description = "Print JSON.") boolean json) {
        JsonObject check = new ToolPolicies().check(read(file));
        boolean valid = check.getBoolean("valid");
        out().println(json ? check.encode() : file + ": " + (valid ? "policy " + check.getString("version") + ", " + check.getInteger("rules") + " rules" : check.getString("error")));
        return valid ? 0 : BAD;
    }

    @Command(mixinStandardHelpOptions = true, description = "Compare the effects of a policy with a table of cases.")
    int test(@Parameters(index = "0", paramLabel = "FILE", description = "Policy file.") Path file,
             @Parameters(index = "1", paramLabel = "CASES", description = "JSON array of cases: name, caller, tool, arguments, expect, rule.") Path cases,
             @Option(names = "--json", description = "Print JSON.") boolean json) {
        Policy policy = compile(file);
        JsonArray results = new JsonArray();
        for (Object each : array(cases)) {
            if (!(each instanceof JsonObject one)) {
                throw misuse(cases + ": a case is a JSON object");
            }
            results.add(result(policy, one));
        }
        List<JsonObject> failed = results.stream().map(JsonObject.class::cast).filter(result -> !result.getBoolean("passed")).toList();
        if (json) {
            out().println(new JsonObject().put("version", policy.version()).put("cases", results).encode());
        } else {
            failed.forEach(result -> out().println("FAILED " + result.getString("name") + ": expected " + result.getString("expected") + ", got "
                + result.getString("effect") + " by " + result.getString("rule")));
            out().println(results.size() - failed.size() + " of " + results.size() + " cases passed with policy " + policy.version());
        }
        return failed.isEmpty() ? 0 : BAD;
    }

    private JsonArray array(Path file) {
        try {
            return new JsonArray(read(file));
        } catch (DecodeException e) {
            throw misuse(file + " is no JSON array of cases");
        }
    }

    private JsonObject result(Policy policy, JsonObject one) {
        try {
            Instant now = Clock.systemUTC().instant();
            PolicyDecision decision = policy.explain(ToolPolicies.caller(one.getJsonObject("caller", new JsonObject()), now), tool(one.getString("tool")),
                one.getJsonObject("arguments", new JsonObject()).getMap(), now).decision();
            String rule = one.getString("rule");
            String expected = one.getString("expect");
            boolean passed = decision.effect().wireName().equals(expected) && (rule == null || rule.equals(decision.rule()));
            return new JsonObject().put("name", one.getString("name", one.getString("tool"))).put("passed", passed)
                .put("expected", expected + (rule == null ? "" : " by " + rule))
                .put("effect", decision.effect().wireName()).put("rule", decision.rule());
        } catch (ClassCastException e) {
            throw misuse("A member of the case " + one.getValue("name") + " has the wrong type");
        }
    }

    private ToolDefinition tool(String name) {
        try {
            return ToolPolicies.tool(name);
        } catch (IllegalArgumentException unknown) {
            throw misuse(unknown.getMessage());
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Explain whether a caller could call a tool, and why.")
    int explain(@Option(names = "--file", paramLabel = "FILE", description = "Policy file; else that of the configuration.") Path file,
                @Option(names = {"-conf", "--conf"}, paramLabel = "FILE", description = "Configuration of the MCP server.") Path configuration,
                @Option(names = "--user", required = true, description = "Username.") String user,
                @Option(names = "--subject", description = "Subject; the username by default.") String subject,
                @Option(names = "--issuer", defaultValue = "", description = "Issuer.") String issuer,
                @Option(names = "--client", defaultValue = "", description = "Client identifier.") String client,
                @Option(names = "--group", description = "A group; repeatable.") List<String> groups,
                @Option(names = "--actor", description = "A subject that acts for the user, the current one first; repeatable.") List<String> actors,
                @Option(names = "--scope", description = "A scope; repeatable.") List<String> scopes,
                @Option(names = "--acr", defaultValue = "", description = "Authentication context.") String acr,
                @Option(names = "--amr", description = "Authentication method; repeatable.") List<String> amr,
                @Option(names = "--authenticated-seconds-ago", paramLabel = "SECONDS", description = "Age of the authentication; unknown by default.") Long ago,
                @Option(names = "--tool", required = true, description = "Name of the tool.") String tool,
                @Option(names = "--arguments", paramLabel = "JSON", defaultValue = "{}", description = "Arguments.") String arguments,
                @Option(names = "--json", description = "Print JSON.") boolean json) {
        Policy policy = compile(file != null ? file : configured(configuration));
        Instant now = Clock.systemUTC().instant();
        CallerFacts caller = new CallerFacts(user, subject == null ? user : subject, issuer, orNone(groups), client, orNone(actors), orNone(scopes),
            ago == null ? null : now.minusSeconds(ago), acr, orNone(amr));
        Explanation explanation = policy.explain(caller, tool(tool), object(arguments), now);
        if (json) {
            out().println(ToolPolicies.document(explanation).encode());
        } else {
            lines(explanation).forEach(out()::println);
        }
        return explanation.decision().effect() == Effect.ALLOW ? 0 : BAD;
    }

    private Path configured(Path configuration) {
        if (configuration == null) {
            throw misuse("Which policy? Name a policy file with --file, or a configuration with --conf.");
        }
        JsonObject policy = ConfigFile.check(ConfigFile.read(configuration), "schema/resource.json", System.getenv()).getJsonObject("policy");
        if (policy == null || policy.getString("file") == null) {
            throw misuse(configuration + " has no policy.file");
        }
        return DataHome.of(System.getenv()).file(policy.getString("file"));
    }

    private static List<String> orNone(List<String> values) {
        return values == null ? List.of() : values;
    }

    private Map<String, Object> object(String arguments) {
        try {
            return new JsonObject(arguments).getMap();
        } catch (DecodeException e) {
            throw misuse("--arguments is no JSON object");
        }
    }

    private static List<String> lines(Explanation explanation) {
        PolicyDecision decision = explanation.decision();
        List<String> lines = new ArrayList<>();
        String by = decision.rule() == null ? "no rule matches, so the default applies" : "rule " + decision.rule();
        lines.add(decision.effect().wireName() + ": " + by + (decision.failed() ? ", which cannot be evaluated" : "") + " (policy "
            + explanation.version() + ")");
        explanation.results().forEach(result -> lines.add("  " + result.rule() + " (" + result.effect().wireName() + "): " + ToolPolicies.text(result)
            + "    " + result.when()));
        return lines;
    }
}
