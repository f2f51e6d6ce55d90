package dev.gatehouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.mcp.api.CallPolicy.Approval;
import dev.gatehouse.mcp.api.CallPolicy.Refused;
import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

class PolicyTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ToolDefinition READ = tool("get_note", true);
    private static final ToolDefinition DELETE = tool("delete_note", false);

    private static ToolDefinition tool(String name, boolean reads) {
        return new ToolDefinition(name, "Title of " + name, "", Map.of("type", "object"), null, new ToolHints(reads, !reads, true, false));
    }

    private static Principal alice(JsonObject more) {
        JsonObject claims = new JsonObject().put("username", "alice").put("groups", JsonArray.of("staff", "editors"))
            .put("auth_time", NOW.getEpochSecond() - 100).put("acr", "pwd").put("amr", JsonArray.of("pwd")).mergeIn(more);
        return new Principal("https://auth.example", "usr_1", "claude", Set.of("mcp:read"), Long.MAX_VALUE, claims);
    }

    private static String rule(String name, String effect, String when, String... more) {
        return "{\"name\": \"" + name + "\", \"effect\": \"" + effect + "\", \"when\": " + new JsonArray().add(when).encode().replaceAll("^\\[|]$", "")
            + String.join("", more) + "}";
    }

    private static Policy policy(String byDefault, String... rules) {
        return Policy.compile("{\"default\": \"" + byDefault + "\", \"rules\": [\n" + String.join(",\n", rules) + "]}", "gatehouse");
    }

    private static PolicyDecision decide(Policy policy, ToolDefinition tool, Map<String, Object> arguments) {
        return policy.decide(alice(new JsonObject()), tool, arguments, NOW).decision();
    }

    private static void assertMatches(boolean expected, String when) {
        PolicyDecision decision = decide(policy("deny", rule("r", "allow", when)), DELETE, Map.of("id", "note_1", "limit", 5));
        assertThat(decision).as(when).isEqualTo(new PolicyDecision(expected ? Effect.ALLOW : Effect.DENY, expected ? "r" : null, false));
    }

    /** The third reads a member by its absence, the fourth all members, and the last one a member of a member. */
    @Test
    void aCallWithoutTheMembersThatARuleNamesIsDecidedAsByItsCondition() {
        for (String when : List.of("arguments.id == 'note_1'", "has(arguments.id) && arguments.id == 'note_1'", "!has(arguments.other)",
            "size(arguments) == 0 || arguments.exists(name, name == 'id')", "now > timestamp('2026-01-01T00:00:00Z') && has(arguments.id)",
            "caller.groups.exists(arguments, arguments == 'staff')", "has(arguments.deep) && arguments.deep.id == 'x'")) {
            Policy policy = policy("allow", rule("r", "deny", when));
            for (Map<String, Object> arguments : List.<Map<String, Object>>of(Map.of(), Map.of("id", "note_1"), Map.of("id", "note_2"), Map.of("limit", 5),
                Map.of("other", 1), Map.of("deep", Map.of("id", "x")), Map.of("deep", Map.of("id", "y")))) {
                Policy.Explanation whole = policy.explain(CallerFacts.of(alice(new JsonObject())), DELETE, arguments, NOW);
                assertThat(decide(policy, DELETE, arguments)).as("%s for %s", when, arguments).isEqualTo(whole.decision());
            }
        }
    }

    @Test
    void conditionsSeeTheCallerTheToolTheArgumentsAndTheTime() {
        for (String when : List.of("caller.user == 'alice'", "caller.subject == 'usr_1'", "caller.issuer == 'https://auth.example'",
            "'editors' in caller.groups", "caller.client == 'claude'", "caller.actors == ['agent', 'gateway']", "caller.scopes == ['mcp:read']",
            "now - caller.authenticated_at == duration('100s')", "caller.acr == 'pwd'", "'pwd' in caller.amr", "tool.name == 'delete_note'",
            "tool.server == 'gatehouse'", "tool.annotations.destructiveHint && !tool.annotations.readOnlyHint", "tool.annotations.idempotentHint",
            "!tool.annotations.openWorldHint", "arguments.id.matches('^note_[0-9]+$')", "arguments.limit < 6", "!has(arguments.other)")) {
            JsonObject acting = new JsonObject().put("act", new JsonObject().put("sub", "agent").put("act", new JsonObject().put("sub", "gateway")));
            Policy policy = policy("deny", rule("r", "allow", when));
            Map<String, Object> arguments = Map.of("id", "note_1", "limit", 5);
            assertThat(policy.decide(alice(acting), DELETE, arguments, NOW).decision().effect()).as(when).isEqualTo(Effect.ALLOW);
            Policy opposite = policy("deny", rule("r", "allow", "!(" + when + ")"));
            assertThat(opposite.decide(alice(acting), DELETE, arguments, NOW).decision().effect()).as(when).isEqualTo(Effect.DENY);
        }
        assertMatches(false, "'owners' in caller.groups");
        assertMatches(true, "caller.actors.size() == 0");
    }

    @Test
    void denialWinsWhereverItStands() {
        String allow = rule("all", "allow", "true");
        String deny = rule("no-delete", "deny", "tool.name == 'delete_note'");
        for (Policy policy : List.of(policy("allow", allow, deny), policy("deny", deny, allow))) {
            assertThat(decide(policy, DELETE, Map.of())).isEqualTo(new PolicyDecision(Effect.DENY, "no-delete", false));
            assertThat(decide(policy, READ, Map.of())).isEqualTo(new PolicyDecision(Effect.ALLOW, "all", false));
        }
        assertThat(decide(policy("allow"), READ, Map.of())).isEqualTo(new PolicyDecision(Effect.ALLOW, null, false));
        assertThat(decide(policy("deny"), READ, Map.of())).isEqualTo(new PolicyDecision(Effect.DENY, null, false));
    }

    @Test
    void stepUpAndApprovalComeAfterTheAllowance() {
        String stepUp = rule("fresh", "require_step_up", "true", ", \"maxAgeSeconds\": 60, \"acrValues\": [\"mfa\"]");
        String approval = rule("ask", "require_approval", "true", ", \"message\": \"Delete it?\"");
        assertThat(decide(policy("deny", stepUp, approval), DELETE, Map.of()).effect()).as("nothing to step up for").isEqualTo(Effect.DENY);
        Policy policy = policy("allow", approval, stepUp);
        assertThat(policy.decide(alice(new JsonObject()), DELETE, Map.of(), NOW).verdict()).isEqualTo(new StepUp(List.of("mfa"), 60));
        JsonObject recent = new JsonObject().put("auth_time", NOW.getEpochSecond() - 60);
        assertThat(policy.decide(alice(recent), DELETE, Map.of(), NOW).verdict()).as("recent, and not strong").isInstanceOf(StepUp.class);
        Principal strong = alice(recent.copy().put("acr", "mfa"));
        assertThat(policy.decide(strong, DELETE, Map.of(), NOW.plusSeconds(1)).verdict()).as("a second too late").isInstanceOf(StepUp.class);
        assertThat(((Approval) policy.decide(strong, DELETE, Map.of("id", "n1"), NOW).verdict()).message())
            .contains("Delete it?", "delete_note", "claude", "n1");
    }

    @Test
    void ruleThatFailsDeniesAndIsNamedWithoutValues() {
        for (String when : List.of("arguments.missing == 1", "arguments.id", "arguments.id > 3", "arguments.list.all(x, arguments.list.all(y, true))")) {
            Map<String, Object> arguments = Map.of("id", "secret-value", "list", Collections.nCopies(900, 1));
            for (String effect : List.of("deny", "allow", "require_approval")) {
                Policy policy = policy(effect.equals("allow") ? "deny" : "allow", rule("broken", effect, when));
                assertThat(decide(policy, READ, arguments)).as(when).isEqualTo(new PolicyDecision(Effect.DENY, "broken", true));
                Refused refused = (Refused) policy.decide(alice(new JsonObject()), READ, arguments, NOW).verdict();
                assertThat(refused.message()).contains("broken").doesNotContain("secret-value");
            }
        }
    }

    @Test
    void errorsHaveTheirPlaceInTheFile() {
        assertInvalid("{\"rules\": [\n {\"name\": \"a\", \"effect\": \"allow\",\n  \"when\": \"caller.gruops == []\"}]}", 3, 12, "undeclared reference");
        assertInvalid("{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\", \"when\":\n\"caller.user == \\\"x\\\" && 1\"}]}", 2, 23, "_&&_");
        assertInvalid("{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\",\n \"when\": \"1 + 1\"}]}", 2, 13, "expected type 'bool'");
        assertInvalid("{\"rules\": [{\"name\": \"a\",\n \"effect\": \"permit\", \"when\": \"true\"}]}", 2, 12, "require_step_up");
        assertInvalid("{\"rules\": [\n{\"name\": \"a\", \"effect\": \"require_step_up\", \"when\": \"true\"}]}", 2, 1, "maxAgeSeconds");
        assertInvalid("{\"rules\": [],\n \"rulez\": []}", 2, 2, "rulez");
        assertInvalid("{\"rules\": [\n", 2, 1, "Unexpected end-of-input");
        String one = "{\"name\": \"a\", \"effect\": \"allow\", \"when\": \"true\"}";
        assertInvalid("{\"rules\": [" + one + ",\n" + one + "]}", 2, 1, "another rule");
        assertInvalid("{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\", \"when\": \"" + "!".repeat(5_000) + "true\"}]}", 1, 0, "");
    }

    private static void assertInvalid(String text, int line, int column, String problem) {
        InvalidPolicyException invalid = catchThrowableOfType(InvalidPolicyException.class, () -> Policy.compile(text, "gatehouse"));
        assertThat(invalid).as(text).isNotNull();
        assertThat(invalid.line()).as(invalid.getMessage()).isEqualTo(line);
        if (column > 0) {
            assertThat(invalid.column()).as(invalid.getMessage()).isEqualTo(column);
        }
        assertThat(invalid).hasMessageContaining(problem);
    }

    @Test
    void versionIsThatOfTheText() {
        assertThat(policy("allow").version()).isEqualTo(policy("allow").version()).isNotEqualTo(policy("deny").version()).hasSize(12);
    }

    private static final List<String> CONDITIONS = List.of("'editors' in caller.groups", "'owners' in caller.groups", "caller.user == 'alice'",
        "caller.client == 'claude'", "size(caller.actors) > 0", "'mcp:read' in caller.scopes", "caller.acr == 'mfa'", "tool.name == 'delete_note'",
        "tool.annotations.readOnlyHint", "arguments.limit > 3", "arguments.id.startsWith('note')", "has(arguments.id)", "arguments.limit == 3",
        "now - caller.authenticated_at < duration('200s')", "arguments.tags.exists(t, t == 'a')", "1 / (arguments.limit - 3) > 0");

    private static String condition(Random random, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return CONDITIONS.get(random.nextInt(CONDITIONS.size()));
        }
        String left = condition(random, depth - 1);
        return switch (random.nextInt(3)) {
            case 0 -> "!(" + left + ")";
            case 1 -> "(" + left + " && " + condition(random, depth - 1) + ")";
            default -> "(" + left + " || " + condition(random, depth - 1) + ")";
        };
    }

    private static Policy randomPolicy(Random random) {
        List<String> rules = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            Effect effect = Effect.values()[random.nextInt(4)];
            String more = effect != Effect.REQUIRE_STEP_UP ? "" : random.nextBoolean() ? ", \"maxAgeSeconds\": 150" : ", \"acrValues\": [\"mfa\"]";
            rules.add(rule("r" + i, effect.wireName(), condition(random, 2), more));
        }
        return policy(random.nextBoolean() ? "allow" : "deny", rules.toArray(String[]::new));
    }

    private static Principal randomCaller(Random random) {
        JsonObject claims = new JsonObject().put("username", random.nextBoolean() ? "alice" : "bob")
            .put("groups", random.nextBoolean() ? JsonArray.of("editors") : JsonArray.of("owners", "staff"))
            .put("acr", random.nextBoolean() ? "mfa" : "pwd");
        if (random.nextInt(4) > 0) {
            claims.put("auth_time", NOW.getEpochSecond() - random.nextInt(300));
        }
        if (random.nextInt(3) == 0) {
            claims.put("act", new JsonObject().put("sub", "agent"));
        }
        return new Principal("https://auth.example", "usr", random.nextBoolean() ? "claude" : "other", random.nextBoolean() ? Set.of("mcp:read") : Set.of(),
            Long.MAX_VALUE, claims);
    }

    private static Map<String, Object> randomArguments(Random random) {
        JsonObject arguments = new JsonObject();
        if (random.nextInt(3) > 0) {
            arguments.put("limit", random.nextInt(6));
        }
        if (random.nextInt(3) > 0) {
            arguments.put("id", random.nextBoolean() ? "note_1" : "other");
        }
        if (random.nextInt(3) > 0) {
            arguments.put("tags", random.nextBoolean() ? JsonArray.of("a", 1) : JsonArray.of());
        }
        return new JsonObject(arguments.encode()).getMap();
    }

    /** Enforcement evaluates what it can once for a caller and tool; an explanation evaluates every rule whole. */
    @Test
    void explanationAgreesWithEnforcementOnTenThousandRandomCases() {
        Random random = new Random(17);
        Set<Effect> seen = EnumSet.noneOf(Effect.class);
        int failed = 0;
        for (int i = 0; i < 50; i++) {
            Policy policy = randomPolicy(random);
            for (int j = 0; j < 20; j++) {
                Principal caller = randomCaller(random);
                for (int k = 0; k < 10; k++) {
                    ToolDefinition tool = random.nextBoolean() ? READ : DELETE;
                    Map<String, Object> arguments = randomArguments(random);
                    Instant now = NOW.plus(Duration.ofSeconds(random.nextInt(60)));
                    PolicyDecision enforced = policy.decide(caller, tool, arguments, now).decision();
                    PolicyDecision explained = policy.explain(CallerFacts.of(caller), tool, arguments, now).decision();
                    assertThat(explained).isEqualTo(enforced);
                    boolean listed = policy.decideWithoutArguments(caller, tool, now).effect() != Effect.DENY;
                    assertThat(listed || enforced.effect() == Effect.DENY).as("a tool that may be called is listed").isTrue();
                    seen.add(enforced.effect());
                    failed += enforced.failed() ? 1 : 0;
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(Effect.values());
        assertThat(failed).isPositive();
    }
}
