package dev.gatehouse.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.mcp.api.CallPolicy.Approval;
import dev.gatehouse.mcp.api.CallPolicy.Refused;
import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.CallPolicy.Verdict;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.policy.Condition.Outcome;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compiled rules. The order of the rules in the file has no influence: a rule that denies wins, then a call needs a rule that allows it (or the
 * default), then the step-ups, then the approvals. Immutable and thread-safe.
 */
public final class Policy {

    private static final int VERSION_LENGTH = 12;
    private static final int MOST_CALLERS = 10_000;
    private static final int LONGEST_ARGUMENTS = 500;
    /** The limit for all conditions of a call together. Each of them is bounded by itself. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String server;
    private final PolicyFile file;
    private final String version;
    /** A token has the same principal for as long as its introspection is cached, so most conditions are evaluated once for a token and tool. */
    private final Cache<Caller, Map<String, Prepared>> prepared = Caffeine.newBuilder().weakKeys().maximumSize(MOST_CALLERS).build();

    private Policy(String server, PolicyFile file, String version) {
        this.server = server;
        this.file = file;
        this.version = version;
    }

    /**
     * Compiles a policy.
     *
     * @param text the text of a policy file
     * @param server the value of {@code tool.server}
     * @return the policy
     * @throws InvalidPolicyException if the file has an error
     */
    public static Policy compile(String text, String server) {
        return new Policy(server, PolicyFile.parse(text), SecretToken.hash(text).substring(0, VERSION_LENGTH));
    }

    /** {@return the version: the beginning of a hash of the file} */
    public String version() {
        return version;
    }

    /** {@return the number of rules} */
    public int size() {
        return file.rules().size();
    }

    /**
     * A rule, and its outcome as far as it is known before the arguments and the time are.
     *
     * @param without the outcome for arguments without the members that the condition names; open if the members are not known
     */
    private record Step(Rule rule, Outcome known, Outcome without) {

        /** The outcome for arguments with these members, as far as it is known without an evaluation. Most rules name members that most calls do not have. */
        Outcome known(Set<String> members) {
            boolean isKnown = known != Outcome.OPEN || without == Outcome.OPEN;
            return isKnown || !members.isEmpty() && rule.when().names(members) ? known : without;
        }
    }

    /** The rules for a caller and a tool. @param members the members of the arguments that the conditions name */
    private record Prepared(ToolDefinition tool, CallerFacts caller, Map<String, Object> variables, Map<Effect, List<Step>> steps, Set<String> members) {

        Prepared(ToolDefinition tool, CallerFacts caller, Map<String, Object> variables, Map<Effect, List<Step>> steps) {
            this(tool, caller, variables, steps, steps.values().stream().flatMap(List::stream).flatMap(step -> step.rule().when().members().stream())
                .collect(Collectors.toUnmodifiableSet()));
        }

        /** The members of the arguments that a condition can depend on. Usually there are none, so that no condition has to look for its own. */
        Set<String> named(Map<String, Object> arguments) {
            return arguments.isEmpty() || Collections.disjoint(arguments.keySet(), members) ? Set.of() : arguments.keySet();
        }

        List<Step> of(Effect effect) {
            return steps.get(effect);
        }
    }

    private Prepared prepared(Caller caller, ToolDefinition tool) {
        Map<String, Prepared> ofCaller = prepared.get(caller, first -> new ConcurrentHashMap<>());
        Prepared known = ofCaller.get(tool.name());
        if (known != null && known.tool() == tool) {
            return known;
        }
        // The tool may have been replaced.
        Prepared next = prepare(CallerFacts.of(caller), tool);
        ofCaller.put(tool.name(), next);
        return next;
    }

    private Prepared prepare(CallerFacts caller, ToolDefinition tool) {
        Map<String, Object> variables = caller.variables(server, tool);
        return new Prepared(tool, caller, variables, steps(rule -> step(rule, variables)));
    }

    private static Step step(Rule rule, Map<String, Object> variables) {
        Outcome known = rule.when().evaluate(variables, Condition.ARGUMENTS, Condition.NOW);
        boolean isDone = known != Outcome.OPEN || !rule.when().namesAllMembers();
        return new Step(rule, known, isDone ? Outcome.OPEN : rule.when().evaluate(complete(variables, Map.of(), Instant.EPOCH)));
    }

    private Map<Effect, List<Step>> steps(Function<Rule, Step> first) {
        Map<Effect, List<Step>> steps = new EnumMap<>(Effect.class);
        for (Effect effect : Effect.values()) {
            steps.put(effect, new ArrayList<>());
        }
        for (Rule rule : file.rules()) {
            Step step = first.apply(rule);
            if (step.known() != Outcome.FALSE) {
                steps.get(rule.effect()).add(step);
            }
        }
        return steps;
    }

    /** A decision with the rule, for the texts that the rule has. */
    private record Decided(PolicyDecision decision, Rule rule) {

        static Decided by(Effect effect, Rule rule) {
            return new Decided(new PolicyDecision(effect, rule == null ? null : rule.name(), false), rule);
        }

        static Decided failed(Rule rule) {
            return new Decided(new PolicyDecision(Effect.DENY, rule.name(), true), rule);
        }
    }

    /** The order of the effects. The first rule that matches decides; a rule that fails refuses the call. */
    private Decided decide(Prepared call, Instant now, Function<Step, Outcome> evaluate) {
        Decided denied = first(call.of(Effect.DENY), evaluate);
        if (denied != null) {
            return denied;
        }
        Decided allowed = first(call.of(Effect.ALLOW), evaluate);
        if (allowed != null && allowed.decision().failed()) {
            return allowed;
        }
        if (allowed == null && !file.allowsByDefault()) {
            return Decided.by(Effect.DENY, null);
        }
        List<Step> all = call.of(Effect.REQUIRE_STEP_UP);
        Decided stepUp = all.isEmpty() ? null : first(all.stream().filter(step -> !call.caller().satisfies(step.rule(), now)).toList(), evaluate);
        if (stepUp != null) {
            return stepUp;
        }
        Decided approval = first(call.of(Effect.REQUIRE_APPROVAL), evaluate);
        return approval != null ? approval : allowed != null ? allowed : Decided.by(Effect.ALLOW, null);
    }

    private static Decided first(List<Step> steps, Function<Step, Outcome> evaluate) {
        for (Step step : steps) {
            Outcome outcome = evaluate.apply(step);
            if (outcome == Outcome.ERROR) {
                return Decided.failed(step.rule());
            }
            if (outcome == Outcome.TRUE) {
                return Decided.by(step.rule().effect(), step.rule());
            }
        }
        return null;
    }

    private static Map<String, Object> complete(Map<String, Object> variables, Map<String, Object> arguments, Instant now) {
        Map<String, Object> all = new HashMap<>(variables);
        all.put(Condition.ARGUMENTS, arguments);
        all.put(Condition.NOW, now);
        return all;
    }

    /** A decision and what it means for the call. */
    record Ruling(PolicyDecision decision, Verdict verdict) {
    }

    /** Decides a call. */
    Ruling decide(Caller caller, ToolDefinition tool, Map<String, Object> arguments, Instant now) {
        Prepared call = prepared(caller, tool);
        Evaluation evaluation = new Evaluation(call, arguments, now);
        Decided decided = decide(call, now, evaluation);
        return new Ruling(decided.decision(), verdict(decided, call.caller(), tool, arguments));
    }

    /** Evaluates the open conditions of a call. */
    private static final class Evaluation implements Function<Step, Outcome> {

        private final Prepared call;
        private final Map<String, Object> arguments;
        private final Set<String> named;
        private final Instant now;
        private Map<String, Object> variables;
        private long begun;

        Evaluation(Prepared call, Map<String, Object> arguments, Instant now) {
            this.call = call;
            this.arguments = arguments == null ? Map.of() : arguments;
            this.named = call.named(this.arguments);
            this.now = now;
        }

        @Override
        public Outcome apply(Step step) {
            Outcome known = step.known(named);
            if (known != Outcome.OPEN) {
                return known;
            }
            if (variables == null) {
                variables = complete(call.variables(), arguments, now);
                begun = System.nanoTime();
            } else if (System.nanoTime() - begun > LONGEST_NANOS) {
                return Outcome.ERROR;
            }
            return step.rule().when().evaluate(variables);
        }
    }

    /** Returns true if a step-up rule may concern the calls of this caller to the tool. */
    boolean mayStepUp(Caller caller, ToolDefinition tool) {
        return !prepared(caller, tool).of(Effect.REQUIRE_STEP_UP).isEmpty();
    }

    /** Decides a call whose arguments are too large for an event loop: a condition that depends on them counts as allowing the call. */
    PolicyDecision decideWithoutArguments(Caller caller, ToolDefinition tool, Instant now) {
        Prepared call = prepared(caller, tool);
        Map<String, Object> timed = new HashMap<>(call.variables());
        timed.put(Condition.NOW, now);
        return decide(call, now, step -> {
            Outcome outcome = step.known() == Outcome.OPEN ? step.rule().when().evaluate(timed, Condition.ARGUMENTS) : step.known();
            return outcome == Outcome.OPEN ? Outcome.of(step.rule().effect() == Effect.ALLOW) : outcome;
        }).decision();
    }

    /** Returns the requirements of a step-up rule. */
    StepUp requirements(String rule) {
        return file.rules().stream().filter(each -> each.name().equals(rule)).map(Policy::requirements).findFirst().orElseThrow();
    }

    private static StepUp requirements(Rule rule) {
        return new StepUp(rule.acrValues(), rule.maxAgeSeconds());
    }

    private static Verdict verdict(Decided decided, CallerFacts caller, ToolDefinition tool, Map<String, Object> arguments) {
        Rule rule = decided.rule();
        return switch (decided.decision().effect()) {
            case ALLOW -> Verdict.ALLOWED;
            case REQUIRE_STEP_UP -> requirements(rule);
            case REQUIRE_APPROVAL -> new Approval("policy " + rule.name() + " " + Integer.toHexString(31 * tool.name().hashCode() + arguments.hashCode()),
                question(rule, caller, tool, arguments));
            case DENY -> new Refused(refusal(decided));
        };
    }

    private static String question(Rule rule, CallerFacts caller, ToolDefinition tool, Map<String, Object> arguments) {
        return (rule.message() == null ? "The policy of this server requires your approval for this call." : rule.message())
            + "\n\nTool: " + tool.title() + " (" + tool.name() + ")\nClient: " + VisibleText.excerpt(caller.client(), LONGEST_ARGUMENTS)
            + "\nArguments: " + VisibleText.excerpt(new JsonObject(arguments).encode(), LONGEST_ARGUMENTS);
    }

    private static String refusal(Decided decided) {
        Rule rule = decided.rule();
        if (rule == null) {
            return "The policy of this server does not allow this call: no rule allows it.";
        }
        return decided.decision().failed() ? "The rule " + rule.name() + " of this server's policy cannot be evaluated for this call, so the call is refused."
            : rule.message() != null ? rule.message() : "The policy of this server does not allow this call (rule " + rule.name() + ").";
    }

    /**
     * The result of a rule in an explanation.
     *
     * @param rule the name of the rule
     * @param effect the effect of the rule
     * @param when the condition
     * @param matches whether the condition is true
     * @param satisfied for a step-up: whether the authentication of the caller satisfies it
     * @param failure why the condition cannot be evaluated; null if it can
     */
    public record RuleResult(String rule, Effect effect, String when, boolean matches, boolean satisfied, String failure) {
    }

    /**
     * The explanation of a decision.
     *
     * @param version the version of the policy
     * @param decision the decision
     * @param results the result of each rule, in the order of the file
     */
    public record Explanation(String version, PolicyDecision decision, List<RuleResult> results) {

        /**
         * Copies the results.
         *
         * @param version the version of the policy
         * @param decision the decision
         * @param results the result of each rule
         */
        public Explanation {
            results = List.copyOf(results);
        }
    }

    /**
     * Explains a decision. Every rule is evaluated whole, without the results that are kept for a caller.
     *
     * @param caller the caller
     * @param tool the tool
     * @param arguments the arguments
     * @param now the time of the call
     * @return the explanation
     */
    public Explanation explain(CallerFacts caller, ToolDefinition tool, Map<String, Object> arguments, Instant now) {
        Map<String, Object> variables = complete(caller.variables(server, tool), arguments, now);
        List<RuleResult> results = new ArrayList<>();
        Map<Effect, List<Step>> steps = steps(rule -> {
            Outcome outcome = rule.when().evaluate(variables);
            results.add(new RuleResult(rule.name(), rule.effect(), rule.when().source(), outcome == Outcome.TRUE,
                rule.effect() == Effect.REQUIRE_STEP_UP && caller.satisfies(rule, now),
                outcome == Outcome.ERROR ? rule.when().failure(variables) : null));
            return new Step(rule, outcome, outcome);
        });
        Decided decided = decide(new Prepared(tool, caller, variables, steps), now, Step::known);
        return new Explanation(version, decided.decision(), results);
    }
}
